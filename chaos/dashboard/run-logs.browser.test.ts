import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { openScripted } from './testing/open-scripted.ts'
import { pageViolations } from './testing/page-state.ts'

const linesMax = 3_000
const stamp = (ms: number) => ({ at: new Date(Date.UTC(2030, 0, 1) + ms).toISOString(), ms })

/** A run of three seconds in which api-1 is killed after two. */
const responses = {
  '/api/runs/r1': {
    id: 'r1',
    title: 'A run',
    seed: 1,
    state: 'ended',
    folder: 'runs/r1',
    startedAt: '2030-01-01T00:00:00.000Z',
    files: ['journal.jsonl', 'logs/api-1.log', 'logs/worker-1.log'],
    verdict: null,
    error: null,
    zeroMs: 100,
  },
  '/api/runs/r1/flows': { flows: [], isComplete: true },
  '/api/runs/r1/journal': [
    { seq: 1, ...stamp(100), type: 'phase', phase: 'steady-state', what: 'began', zeroMs: 100 },
    { seq: 2, ...stamp(2_100), type: 'instance', instance: 'api-1', state: 'exited', by: 'user' },
  ],
  '/api/runs/r1/files/logs/api-1.log': Array.from(
    { length: linesMax },
    (_, i) => `{"runMs":${i},"level":"info","msg":"line ${i}"}\n`,
  ).join(''),
  '/api/runs/r1/files/logs/worker-1.log': '2.000 s  only line\n',
}

describe.skipIf(skipWithoutBrowser)('logs of a run (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => browser?.close())

  test('the log shows the moment that an event has, draws the rows in view only, and can be filtered', async () => {
    const { page, problems } = await openScripted(browser, 'runs/r1', responses)
    const log = page.locator('.logs')
    await log.getByText(/line 0$/).waitFor()
    expect(await log.locator('li').count()).toBeLessThan(100)
    expect(await log.locator('li').first().getAttribute('aria-setsize')).toBe(`${linesMax}`)

    await page.locator('.timeline time').filter({ hasText: '2.000 s' }).hover()
    await log.getByText(/line 2000$/).waitFor()
    expect(await log.locator('.row-now').textContent()).toContain('line 2000')

    await page.getByRole('textbox', { name: 'Filter lines' }).fill('line 29')
    await expect
      .poll(async () => log.locator('li').first().getAttribute('aria-setsize'))
      .toBe('111')
    expect(await pageViolations(page)).toEqual([])
    await page.getByRole('textbox', { name: 'Filter lines' }).fill('')
    await page.getByRole('tab', { name: 'worker-1' }).click()
    await page.getByText('only line').waitFor()
    expect(problems).toEqual([])
  })
})
