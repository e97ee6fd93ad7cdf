import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { XrayList, XraySummary } from '#chaos/contracts/api.ts'

import { skipWithoutBrowser } from './testing/browser.ts'
import { openDashboard } from './testing/open-dashboard.ts'
import type { OpenDashboard } from './testing/open-dashboard.ts'
import { keepersOf, processesOf } from './testing/processes-of.ts'
import { saveTwoXrays, twoXrays } from './testing/two-xrays.ts'

// One real sandbox and one real browser; each test opens its own page and leaves no fault.
describe.skipIf(skipWithoutBrowser)('X-ray pages (skipped without Chromium)', () => {
  let dashboard: OpenDashboard
  const { before, after } = twoXrays

  beforeAll(async () => {
    dashboard = await openDashboard(saveTwoXrays)
  })
  afterAll(async () => dashboard?.[Symbol.asyncDispose]())

  test('an X-ray cell shows its two lines on hover and its story when it opens', async () => {
    const page = await dashboard.open(`xray/${before}`)
    const cell = page.getByRole('button', { name: /^s03 INSERT table_2, rep cut: DOUBLE/ })
    await cell.hover()
    const peek = await page.getByTestId('peek').textContent()
    expect(peek).toContain('client: ECONNRESET')
    expect(peek).toContain('charged 2 times')
    await cell.click()
    const dialog = page.getByTestId('cell-dialog')
    await dialog.locator('svg.flow-diagram').waitFor()
    const story = await dialog.textContent()
    expect(story).toContain('At INSERT table_2 on api:postgres')
    expect(story).toContain(`npx unhappy xray replay s03/reply-cut --from`)
    expect(await dialog.getByText('the reply is gone').count()).toBeGreaterThan(0)
    const widthOfDiagram = async () =>
      Number(await dialog.locator('svg.flow-diagram').getAttribute('width'))
    const alone = await widthOfDiagram()
    await dialog.getByRole('button', { name: 'Run without the fault beside it' }).click()
    await expect.poll(widthOfDiagram).toBeGreaterThan(alone)
    await page.keyboard.press('Escape')
    await expect.poll(async () => dialog.count()).toBe(0)
    await page.close()
  })

  test('the file of an X-ray works, in an origin of its own', async () => {
    const page = await dashboard.open(`xray/${before}`)
    await page.evaluate(`location.href = '/api/xrays/${before}/files/xray.html'`)
    await page.locator('[data-cell="s03/reply-cut"]').click()
    await page.locator('#detail svg').first().waitFor()
    expect(await page.evaluate('origin')).toBe('null')
    await page.close()
  })

  test('the arrow keys move over a matrix that has one tab stop', async () => {
    const page = await dashboard.open(`xray/${before}`)
    await page.locator('table.xray button[tabindex="0"]').focus()
    expect(await page.locator('table.xray button[tabindex="0"]').count()).toBe(1)
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'Enter'])
      await page.keyboard.press(key)
    await page
      .getByTestId('cell-dialog')
      .getByText(/charged once/)
      .first()
      .waitFor()
    expect(page.url()).toContain('s03/reply-cut')
    await page.close()
  })

  test('25 rows by nine columns fit into 1280 by 800 pixels', async () => {
    const page = await dashboard.open(`xray/${before}`)
    await page.locator('table.xray').waitFor()
    const { bottom, right } = await page.locator('table.xray').evaluate((table) => {
      const element = table as unknown as {
        getBoundingClientRect(): { readonly bottom: number; readonly right: number }
      }
      const box = element.getBoundingClientRect()
      return { bottom: box.bottom, right: box.right }
    })
    expect(bottom).toBeLessThanOrEqual(800)
    expect(right).toBeLessThanOrEqual(1280)
    await page.close()
  })

  test('a comparison of two X-rays counts fixed, newly broken and unchanged cells', async () => {
    const page = await dashboard.open('xray')
    await page.getByLabel(`Compare ${before}`).check()
    await page.getByLabel(`Compare ${after}`).check()
    await page.getByTestId('compare').click()
    const figures = await page.getByTestId('diff-figures').textContent()
    expect(figures).toMatch(/▲ 2\s*fixed\s*▼ 1\s*newly broken or worse\s*222\s*unchanged/)
    await page.getByRole('button', { name: /table_4, req cut, after: LOST.*newly broken/ }).click()
    await page
      .getByTestId('cell-dialog')
      .getByText(/replay s05.request-cut/)
      .waitFor()
    await page.close()
  })

  test('an X-ray that the page starts fills row by row; when it is stopped, no process is left', async () => {
    const processes = await processesOf(dashboard.cli.home)
    const page = await dashboard.open('xray')
    await page.getByTestId('start-xray').click()
    await page.getByTestId('xray-progress').waitFor({ timeout: 30_000 })
    const cells = page.locator('table.xray button[data-cell]')
    await cells.nth(4).waitFor({ timeout: 90_000 })
    const seen = await cells.count()
    await expect.poll(async () => cells.count(), { timeout: 60_000 }).toBeGreaterThan(seen)
    const mark = ' xray place-order '
    const started = (await processesOf(dashboard.cli.home)).find((command) =>
      command.includes(mark),
    )
    const pid = started?.split(' ')[0] ?? 'no process'
    const keepers = started === undefined ? ['no /proc on this system'] : await keepersOf(pid)
    expect(keepers.length).toBeGreaterThan(0)
    await page.getByTestId('stop-xray').click()
    const made = async (): Promise<XraySummary | undefined> =>
      (await dashboard.call<XrayList>('GET', 'xrays')).xrays.find(({ id }) =>
        page.url().endsWith(id),
      )
    await expect
      .poll(made, { timeout: 60_000 })
      .toMatchObject({ state: 'stopped', error: 'ended by SIGTERM', ours: false })
    await page.getByTestId('xray-progress').waitFor({ state: 'detached', timeout: 30_000 })
    expect(await processesOf(dashboard.cli.home)).toEqual(processes)
    expect(await keepersOf(pid)).toEqual([])
    await page.close()
  })
})
