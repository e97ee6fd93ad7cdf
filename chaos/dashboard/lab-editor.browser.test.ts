import { readFile, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

import type { Page, Response } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { LabView } from '#chaos/contracts/api.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { skipWithoutBrowser } from './testing/browser.ts'
import { pageViolations } from './testing/page-state.ts'
import { serveLab } from './testing/served-lab.ts'
import type { ServedLab } from './testing/served-lab.ts'

const wrong = 'await cache.get(sku)'
const right = 'await cache.get(sku).catch(cacheFailed)'

// The real API, the real files of a lab and the built page. Nothing runs the code: see serveLab.
describe.skipIf(skipWithoutBrowser)('the lab as one page (skipped without Chromium)', () => {
  let lab: ServedLab
  beforeEach(async () => {
    lab = await serveLab(labZero, right)
  })
  afterEach(async () => lab[Symbol.asyncDispose]())

  test('from start to held with the keyboard only', async () => {
    const page = await openLab(lab)
    // Without an editor F6 reaches the pane of the code too.
    for (const pane of ['read', 'code', 'picture', 'check']) {
      await page.keyboard.press('F6')
      await page.locator(`[data-pane=${pane}]:focus`).waitFor()
    }
    await tabTo(page, page.getByTestId('start-lab'))
    await page.keyboard.press('Enter')
    await page.getByTestId('prediction').waitFor()
    // The button is gone. The focus is still in its pane.
    await page.locator('[data-pane=check]:focus-within').waitFor()
    await tabTo(page, page.getByRole('radio').first())
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, page.getByTestId('lock'))
    await page.keyboard.press('Enter')
    await tabTo(page, page.getByTestId('check'))
    await page.keyboard.press('Enter')
    await expectVerdict(page, 'VIOLATED')
    expect(await page.locator('.story').count()).toBe(0)
    await tabTo(page, page.locator('[data-testid=explanation] textarea'))
    await page.keyboard.type('The error of the cache leaves the function.')
    await tabTo(page, page.getByTestId('show-story'))
    await page.keyboard.press('Enter')
    await page.locator('.story').waitFor()

    await focusEditor(page)
    await goToText(page, wrong)
    await page.keyboard.type(right)
    await page.keyboard.press('Control+Enter')
    await expectVerdict(page, 'HELD')
    expect(await readFile(lab.file, 'utf8')).toContain(`const cached = ${right}\n`)
    await page.getByTestId('two-runs').waitFor()
    expect(await page.locator('.two-texts .plus').allTextContents()).toEqual([
      `+     const cached = ${right}`,
    ])

    // In the editor Tab indents; after Escape it leaves.
    await page.keyboard.press('Tab')
    expect(await isInEditor(page)).toBe(true)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await isInEditor(page)).toBe(false)
    expect(await pageViolations(page)).toEqual([])
    await page.close()
  })

  test('from start to held with the mouse, except for typing', async () => {
    const page = await openLab(lab)
    await page.getByTestId('start-lab').click()
    await page.locator('[data-testid=prediction] .choice').nth(2).click()
    await page.getByTestId('lock').click()
    await page.getByTestId('check').click()
    await expectVerdict(page, 'VIOLATED')
    await page.locator('[data-testid=explanation] textarea').click()
    await page.keyboard.type('The error of the cache leaves the function.')
    await page.getByTestId('show-story').click()
    await page.locator('.story').waitFor()
    await page.locator('.cm-line', { hasText: wrong }).click({ clickCount: 3 })
    await page.keyboard.type(`const cached = ${right}\n`)
    await page.locator('[data-testid=save-state][data-state=saved]').waitFor()
    await page.getByTestId('check').click()
    await expectVerdict(page, 'HELD')
    await page.getByTestId('after').getByRole('heading', { name: 'Trade-off' }).waitFor()
    await page.locator('[data-lens=contract]').click()
    await page.keyboard.type('A cache promises speed.')
    await page.getByTestId('save-lenses').click()
    await page.getByText('1 of 5 written').waitFor()
    const { lenses } = await lab.call<LabView>('GET', 'labs/lab-zero')
    expect(lenses).toMatchObject({ contract: 'A cache promises speed.', truth: '' })
    await page.close()
  })

  test('what another program writes into the file is never overwritten', async () => {
    await lab.call('POST', 'labs/lab-zero/start')
    const page = await openLab(lab)
    await page.locator('.cm-line', { hasText: wrong }).waitFor()
    // The styles of the editor are in effect under the content security policy.
    await page.locator('.cm-gutters').waitFor()
    const inRow = await page.locator('.cm-scroller').evaluate((node) => {
      const [first, second] = [...node.children].map((child) => child.getBoundingClientRect())
      return first !== undefined && second !== undefined && first.right <= second.left + 1
    })
    expect(inRow).toBe(true)
    await writeFile(lab.file, '// from outside\n')
    await page.locator('.cm-line', { hasText: 'from outside' }).waitFor()

    // Just before the page saves, the other program writes again.
    await page.route(
      '**/code/read-product',
      async (route) => {
        await writeFile(lab.file, '// from outside again\n')
        await route.continue()
      },
      { times: 1 },
    )
    await focusEditor(page)
    await page.keyboard.type('// mine ')
    const conflict = page.getByTestId('conflict')
    await conflict.waitFor()
    expect(await conflict.locator('.minus').textContent()).toBe('- // from outside again')
    expect(await conflict.locator('.plus').textContent()).toBe('+ // mine // from outside')
    expect(await readFile(lab.file, 'utf8')).toBe('// from outside again\n')
    expect(await pageViolations(page)).toEqual([])
    await page.getByTestId('keep-mine').click()
    await page.locator('[data-testid=save-state][data-state=saved]').waitFor()
    expect(await readFile(lab.file, 'utf8')).toBe('// mine // from outside\n')
    await page.close()
  })

  test('every size has its columns, and no theme has an accessibility violation', async () => {
    await lab.call('POST', 'labs/lab-zero/start')
    const page = await openLab(lab)
    await page.locator('.cm-line').first().waitFor()
    for (const [width, theme, panes] of [
      [1920, 'dark', ['read', 'code', 'picture', 'check']],
      [1024, 'light', ['read', 'code']],
      [390, 'dark', ['read']],
    ] as const) {
      await page.setViewportSize({ width, height: 800 })
      const html = page.locator('html')
      await html.evaluate((element, name) => element.setAttribute('data-theme', name), theme)
      await page.locator(`.lab-page.${layoutAt[width]}`).waitFor()
      const shown = await page
        .locator('[data-pane]:visible')
        .evaluateAll((all) => all.map((pane) => pane.getAttribute('data-pane')))
      const overflow = await html.evaluate((root) => root.scrollWidth - root.clientWidth)
      expect({ width, shown, overflow }).toEqual({ width, shown: panes, overflow: 0 })
      const serious = await pageViolations(page)
      expect({ width, theme, serious }).toEqual({ width, theme, serious: [] })
    }
    await page.close()
  })

  test('the page with its editor, a file of its own, is at most 250 kB compressed', async () => {
    await lab.call('POST', 'labs/lab-zero/start')
    // A session, and nothing in the browser's cache.
    const context = await lab.browser.newContext()
    await context.request.get(await lab.secretUrl())
    const page = await context.newPage()
    const files = new Map<string, Promise<number>>()
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      if (/^\/(assets\/.*)?$/.test(pathname)) files.set(pathname, sizeOf(response))
    })
    await page.goto(`${lab.url}/#/labs/lab-zero`)
    await page.locator('.cm-line').first().waitFor()
    const sizes = await Promise.all(files.values())
    expect([...files.keys()].filter((name) => name.includes('code-editor'))).toHaveLength(1)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000)
    await context.close()
  })
})

/** Compressed. */
async function sizeOf(response: Response): Promise<number> {
  return gzipSync(await response.body()).length
}

const layoutAt = { 1920: 'wide', 1024: 'two', 390: 'one' } as const

/** The page of lab zero. */
async function openLab(lab: ServedLab, width = 1_600): Promise<Page> {
  const page = await lab.open('labs/lab-zero')
  await page.setViewportSize({ width, height: 1_000 })
  await page.locator('.lab-head').waitFor()
  return page
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, element: ReturnType<Page['locator']>): Promise<void> {
  await element.waitFor()
  for (let presses = 0; presses < 120; presses++) {
    if (await element.evaluate((node) => node === node.ownerDocument.activeElement)) return
    if (await isInEditor(page)) await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
  }
  throw new Error('120 Tabs did not reach the element.')
}

/** F6 moves over the panes. */
async function focusEditor(page: Page): Promise<void> {
  for (let presses = 0; presses < 6; presses++) {
    if (await isInEditor(page)) return
    await page.keyboard.press('F6')
  }
  throw new Error('F6 did not reach the editor.')
}

/** Selects a text in the editor with its search. */
async function goToText(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+f')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
}

async function isInEditor(page: Page): Promise<boolean> {
  return (await page.locator('.code-host:focus-within').count()) > 0
}

async function expectVerdict(page: Page, word: string): Promise<void> {
  await page.getByTestId('verdict').filter({ hasText: word }).waitFor()
}
