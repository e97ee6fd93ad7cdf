import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { FakeController } from '#chaos/api/testing/fake-controller.ts'
import type { EventPayload } from '#chaos/contracts/events.ts'
import type { LogLine } from '#chaos/contracts/runtime.ts'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { servePage } from './testing/serve-page.ts'

const logLines = 7_000
const resets = 3_000

/** What the flood costs: how often the log was drawn, in how many frames, and how many elements it has. */
interface Drawn {
  readonly draws: number
  readonly frames: number
  readonly rows: number
  readonly rowsMax: number
}

describe.skipIf(skipWithoutBrowser)('a flood of messages (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => browser?.close())

  test('7,000 log lines are drawn once per frame, as the rows in view; 3,000 resets are one row', async () => {
    const pour = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    await using server = await servePage({
      async *logs(instance) {
        yield lineAt(instance, 0)
        await pour.promise
        for (let n = 1; n <= logLines; n++) yield lineAt(instance, n)
        await closed.promise
      },
    })
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(server.secretUrl())
    await page.locator('.logs time').first().waitFor()
    await watchLog(page)
    pour.resolve()
    const link = 'api-1:redis'
    publish(server.controller, { type: 'note', level: 'warning', text: 'the cause' })
    for (let n = 0; n < resets; n++)
      publish(server.controller, { type: 'link', link, what: 'reset', connection: n })
    await page.getByText(`line ${logLines} of`).waitFor()
    const { draws, frames, rows, rowsMax } = await drawn(page)
    expect(rows).toBeLessThanOrEqual(80)
    expect(rowsMax).toBeLessThanOrEqual(80)
    // A frame draws new lines, and once more when their heights are known.
    expect(draws).toBeLessThanOrEqual(2 * frames + 2)
    expect(draws).toBeGreaterThan(0)
    expect(await page.locator('.logs li').last().getAttribute('aria-setsize')).toBe('2000')
    const events = page.locator('.timeline li')
    await expect.poll(async () => events.first().textContent()).toContain(`${resets} connections`)
    expect(await page.getByText('the cause').count()).toBe(1)
    expect(await events.count()).toBe(2)
    closed.resolve()
    await page.close()
  })

  test('a user who scrolls back keeps the line in view while others come', async () => {
    const more = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    await using server = await servePage({
      async *logs(instance) {
        for (let n = 1; n <= 1_500; n++) yield lineAt(instance, n)
        await more.promise
        for (let n = 1_501; n <= 2_600; n++) yield lineAt(instance, n)
        await closed.promise
      },
    })
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(server.secretUrl())
    await page.getByText('line 1500 of').waitFor()
    const log = page.locator('.logs')
    await log.evaluate((element) => {
      ;(element as unknown as { scrollTop: number }).scrollTop -= 8_000
    })
    await expect.poll(async () => page.getByText('line 1500 of').count()).toBe(0)
    const before = await lineInView(page)
    more.resolve()
    // The oldest 600 lines are forgotten, so every line moves in the buffer.
    await expect
      .poll(async () => page.locator('.logs li').first().getAttribute('aria-setsize'))
      .toBe('2000')
    await expect.poll(async () => lineInView(page)).toBe(before)
    closed.resolve()
    await page.close()
  })
})

function lineAt(instance: string, n: number): LogLine {
  return { instance, at: '2030-01-01T00:00:00.000Z', text: `line ${n} of ${instance}` }
}

let seq = 0
function publish(controller: FakeController, payload: EventPayload): void {
  seq += 1
  const at = new Date(1_900_000_000_000 + seq).toISOString()
  controller.publish({ seq, at, ms: seq, ...payload })
}

/** Counts what is drawn in the log from now on. */
async function watchLog(page: Page): Promise<void> {
  await page.evaluate(`
    window.drawn = { draws: 0, frames: 0, rowsMax: 0 }
    const rows = () => document.querySelectorAll('.logs li').length
    const frame = () => { window.drawn.frames += 1; requestAnimationFrame(frame) }
    requestAnimationFrame(frame)
    new MutationObserver(() => {
      window.drawn.draws += 1
      window.drawn.rowsMax = Math.max(window.drawn.rowsMax, rows())
    }).observe(document.querySelector('.logs'), { childList: true, subtree: true })
  `)
}

async function drawn(page: Page): Promise<Drawn> {
  return await page.evaluate<Drawn>(
    `({ ...window.drawn, rows: document.querySelectorAll('.logs li').length })`,
  )
}

/** The line at the top of what the user sees of the log. */
async function lineInView(page: Page): Promise<string> {
  return await page.evaluate<string>(`
    (() => {
      const log = document.querySelector('.logs')
      const top = log.getBoundingClientRect().top + 10
      const row = [...log.querySelectorAll('li')].find((li) => li.getBoundingClientRect().bottom > top)
      return row?.textContent ?? 'none'
    })()
  `)
}
