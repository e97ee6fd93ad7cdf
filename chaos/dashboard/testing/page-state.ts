import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { Locator, Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The state of the sandbox in the header of a page: `ready`, `1 fault active`, `halted` and so on. */
export async function pageState(page: Page): Promise<string | null> {
  return page.locator('.pill').textContent()
}

/** The first line of the log on a page. It appears after the page. */
export function pageLog(page: Page): Locator {
  return page.locator('.logs time').first()
}

/** The ids of the faults whose bands a page has drawn, with the moment in milliseconds since 1970. */
export async function pageBands(page: Page): Promise<readonly { id: string; at: number }[]> {
  return page.evaluate(() =>
    performance.getEntriesByName('unhappy-band-drawn').map((mark) => ({
      id: String((mark as unknown as { detail: unknown }).detail),
      at: performance.timeOrigin + mark.startTime,
    })),
  )
}

/** The serious and critical accessibility violations that axe finds on a page. */
export async function pageViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  return await page.evaluate(async () => {
    const run = (
      globalThis as unknown as {
        axe: {
          run(): Promise<{
            violations: { id: string; impact: string; nodes: { target: string[] }[] }[]
          }>
        }
      }
    ).axe
    const { violations } = await run.run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  })
}
