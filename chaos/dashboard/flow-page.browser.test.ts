import { readFileSync } from 'node:fs'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  comparison,
  crashFlow,
  longFlow,
} from '#chaos/report/flow-diagram/testing/flow-fixtures.ts'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { pageViolations } from './testing/page-state.ts'
import { openScripted } from './testing/scripted-api.ts'

const lost = comparison()
const flows = (ids: readonly string[]) => ({
  isComplete: true,
  flows: ids.map((id, i) => ({
    id,
    title: `order ${id}`,
    names: [],
    result: 'placed',
    atMs: i,
    isFailing: i === 0,
    messages: 12,
  })),
})
const ids = Array.from({ length: 200 }, (_, i) => `o-7f-${i}`)
const responses = {
  '/api/runs/r1/flows': flows(['lost', 'crash', 'long', ...ids]),
  '/api/runs/r1/flows/lost': lost,
  '/api/runs/r1/flows/crash': crashFlow(),
  '/api/runs/r1/flows/long': longFlow(200),
  '/api/flows/lost': lost.flow,
  '/api/runs/r1/journal': [
    {
      seq: 1,
      at: '2030-01-01T00:00:00.000Z',
      ms: 100,
      type: 'phase',
      phase: 'steady-state',
      what: 'began',
      zeroMs: 100,
    },
    {
      seq: 2,
      at: '2030-01-01T00:00:03.010Z',
      ms: 3_110,
      type: 'instance',
      instance: 'api-1',
      state: 'exited',
      by: 'scenario',
    },
  ],
}

describe.skipIf(skipWithoutBrowser)('page of a flow (skipped without Chromium)', () => {
  let browser: Browser

  const open = async (hash: string, options = {}): Promise<{ page: Page; problems: string[] }> => {
    const opened = await openScripted(browser, hash, responses, options)
    await opened.page.getByTestId('flow-diagram').waitFor()
    return opened
  }
  /** Saves a file and returns its content. */
  const saved = async (page: Page, button: string): Promise<Buffer> => {
    const download = page.waitForEvent('download')
    await page.getByTestId(button).click()
    return readFileSync(await (await download).path())
  }

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => browser?.close())

  test('the arrow keys go from message to message, and every view shows the moment of it', async () => {
    const { page, problems } = await open('flows/r1/lost')
    await page.getByTestId('flow-diagram').focus()
    const commit = lost.flow.messages.findIndex(({ arrivedMs }) => arrivedMs === undefined)
    for (let i = 0; i <= commit; i += 1) await page.keyboard.press('ArrowDown')
    const details = page.getByTestId('flow-message')
    await expect.poll(() => details.textContent()).toContain('cut by the trap')
    expect(await page.locator('.message.chosen .lost').count()).toBe(1)
    const { sentMs } = lost.flow.messages[commit]!
    await expect
      .poll(() => page.getByTestId('moment').textContent())
      .toBe(`${(sentMs / 1_000).toFixed(3)} s`)
    await expect.poll(() => page.locator('.messenger.lost').count()).toBe(1)
    expect(await page.getByTestId('holdings').textContent()).toContain('status placed')
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('a message under the pointer shows its details and its moment', async () => {
    const { page } = await open('flows/r1/crash')
    await page.locator('[data-message="0"] .hit').hover({ force: true })
    await expect
      .poll(() => page.getByTestId('flow-message').textContent())
      .toContain('POST /orders')
    expect(await page.getByTestId('moment').textContent()).toMatch(/^3\.00/)
    await page.context().close()
  })

  test('the picture shows an instance as not running from the moment at which it exits', async () => {
    const { page } = await open('flows/r1/crash')
    const range = page.getByRole('slider', { name: 'Moment' })
    const api = page.locator('.moment-picture .box', { hasText: 'api-1' })
    await range.fill('3005')
    await expect.poll(() => api.getAttribute('class')).not.toContain('dead')
    await range.fill('3100')
    await expect.poll(() => api.getAttribute('class')).toContain('dead')
    await page.context().close()
  })

  test('the space bar plays the flow slowly, and pauses it', async () => {
    const { page } = await open('flows/r1/lost')
    const moment = page.getByTestId('moment')
    const before = await moment.textContent()
    await page.locator('body').press(' ')
    await expect.poll(() => moment.textContent()).not.toBe(before)
    await page.locator('body').press(' ')
    expect(await page.getByTestId('play').getAttribute('aria-pressed')).toBe('false')
    await page.context().close()
  })

  test('a fault-free run beside it shows what is missing', async () => {
    const { page } = await open('flows/r1/lost')
    expect(await page.locator('.flow-svg .message.missing').count()).toBe(0)
    await page.getByTestId('beside').click()
    expect(await page.locator('.flow-svg .message.missing').count()).toBe(lost.missing.length)
    await page.context().close()
  })

  test('it exports SVG and PNG, without a request', async () => {
    const { page, problems } = await open('flows/r1/lost')
    const svg = (await saved(page, 'save-svg')).toString()
    expect(svg).toMatch(/^<svg xmlns=/)
    expect(svg).not.toContain('var(')
    for (const button of ['save-png', 'save-slide']) {
      const png = await saved(page, button)
      expect(png.subarray(1, 4).toString()).toBe('PNG')
      expect(png.length).toBeGreaterThan(10_000)
    }
    expect(problems).toEqual([])
    await page.context().close()
  })

  test('a run with 200 orders and a flow of 200 messages opens with every message', async () => {
    const { page } = await open('flows/r1/long')
    expect(await page.locator('.flow-svg .message').count()).toBe(200)
    expect(await page.getByRole('option').count()).toBe(203 + 4)
    await page.context().close()
  })

  test('a live flow and a flow that does not exist say what they are', async () => {
    const { page } = await open('flows/lost')
    expect(await page.locator('h1').textContent()).toBe(lost.flow.title)
    await page.goto(page.url().replace('flows/lost', 'flows/r1/unknown'))
    await page.getByText('No /api/runs/r1/flows/unknown.').waitFor()
    await page.context().close()
  })

  test.each([
    ['light', 1_280],
    ['dark', 390],
  ] as const)(
    'no serious accessibility violation, %s, %i pixels wide',
    async (colorScheme, width) => {
      const { page } = await open('flows/r1/crash', {
        colorScheme,
        viewport: { width, height: 800 },
      })
      await page.getByText('The same as text').click()
      expect(await pageViolations(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      await page.context().close()
    },
  )
})
