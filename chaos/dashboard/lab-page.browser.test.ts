import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { ExportedRun } from '#chaos/api/runs/export-run.ts'

import { skipWithoutBrowser } from './testing/browser.ts'
import { openDashboard } from './testing/open-dashboard.ts'
import type { OpenDashboard } from './testing/open-dashboard.ts'
import { pageLog, pageViolations } from './testing/page-state.ts'
import { saveTwoXrays, twoXrays } from './testing/two-xrays.ts'

// One real sandbox and one real browser; each test opens its own page and leaves no fault.
describe.skipIf(skipWithoutBrowser)(
  'lab page, and accessibility of all pages (skipped without Chromium)',
  () => {
    let dashboard: OpenDashboard
    const { before, after } = twoXrays

    beforeAll(async () => {
      dashboard = await openDashboard(saveTwoXrays)
    })
    afterAll(async () => dashboard?.[Symbol.asyncDispose]())

    test('a learner starts a lab, predicts, checks, explains, and then reads the story', async () => {
      await dashboard.call('DELETE', 'traffic')
      const page = await dashboard.open('labs/lab-zero')
      await page.getByRole('button', { name: 'Start this lab' }).first().click()
      await page.locator('[data-testid=prediction] .choice').first().click()
      await page.getByTestId('lock').click()
      await page.getByTestId('check').click()
      const verdict = page.getByTestId('verdict')
      await verdict.waitFor({ timeout: 60_000 })
      expect(await verdict.textContent()).toContain('VIOLATED')
      expect(await page.locator('.story').count()).toBe(0)
      await page
        .locator('[data-testid=explanation] textarea')
        .fill('The API reads the cache first, and returns its error to the client.')
      await page.getByTestId('show-story').click()
      await page.locator('.story').waitFor()
      await page.getByText('Your prediction').waitFor()
      await page.getByRole('tab', { name: 'Read' }).click()
      const after = page.getByTestId('after')
      expect(await after.textContent()).not.toContain('swallow-the-error')
      await page.getByTestId('show-after').click()
      await page.getByTestId('show-after-yes').click()
      await after.getByRole('heading', { name: 'Trade-off' }).waitFor()
      expect(await after.textContent()).toContain('swallow-the-error')
      expect(await page.locator('.prose a:not([href^="http"])').count()).toBe(0)
      await page.getByRole('tab', { name: 'Check' }).click()
      await page.getByTestId('open-run').click()
      const download = page.waitForEvent('download')
      await page.getByRole('link', { name: /JSON/ }).click()
      const exported = JSON.parse(
        readFileSync(await (await download).path(), 'utf8'),
      ) as ExportedRun
      expect(exported.run.outcome).toBe('violated')
      expect(exported.history.length).toBeGreaterThan(0)
      expect(await page.getByRole('link', { name: /HTML/ }).count()).toBe(1)
      expect(await pageViolations(page)).toEqual([])
      await page.close()
    })

    test('no page has a serious accessibility violation, in both themes', async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const context = await dashboard.browser.newContext({
          colorScheme,
          viewport: { width: 1280, height: 800 },
        })
        await context.request.get(await dashboard.secretUrl())
        const xrays = ['xray', `xray/${before}`, `xray/${before}/s03/reply-cut`]
        const pages = ['sandbox', 'labs', 'labs/lab-zero', 'runs']
        for (const hash of [...pages, ...xrays, `xray/${before}/vs/${after}`]) {
          const page = await context.newPage()
          await page.goto(`${dashboard.url}/#/${hash}`)
          await page.locator('main h1, main h2').first().waitFor()
          if (hash === 'sandbox') await pageLog(page).waitFor()
          const serious = await pageViolations(page)
          expect({ colorScheme, hash, serious }).toEqual({ colorScheme, hash, serious: [] })
          await page.close()
        }
        await context.close()
      }
    })
  },
)
