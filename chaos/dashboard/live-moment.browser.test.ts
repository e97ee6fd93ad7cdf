import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { viewSystem } from '#chaos/api/sandbox/system-view.ts'
import type { SandboxView } from '#chaos/contracts/api.ts'
import type { EventPayload } from '#chaos/contracts/events.ts'
import { system } from '#chaos/system.ts'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { pageViolations } from './testing/page-state.ts'
import { servePage } from './testing/serve-page.ts'

const shown = viewSystem(system)
const epochMs = Date.UTC(2030, 0, 1)
const logged = [60_000, 80_500, 90_000, 99_000]

/** The shop with customers; every process runs. */
const view = {
  system: shown,
  runtime: 'local',
  version: '0',
  node: 'v24',
  slot: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  ready: true,
  halted: false,
  urls: { dashboard: '', shop: [''], proxy: '' },
  instances: [...shown.instances.map(({ name }) => name), ...shown.stores].map((name) => ({
    name,
    kind: 'service',
    state: 'ready',
    restarts: 0,
  })),
  links: [],
  faults: [],
  truth: null,
  acknowledged: 0,
  traffic: { ordersPerSecond: 10 },
  run: null,
} as unknown as SandboxView

describe.skipIf(skipWithoutBrowser)(
  'a moment of the live sandbox (skipped without Chromium)',
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchBrowser()
    })
    afterAll(async () => browser?.close())

    test('pointing at an event shows its moment in picture, chart, events and logs; a click keeps it', async () => {
      const closed = Promise.withResolvers<void>()
      await using server = await servePage({
        async *logs(instance) {
          for (const ms of logged)
            yield { instance, at: new Date(epochMs + ms).toISOString(), text: `line at ${ms}` }
          await closed.promise
        },
      })
      let seq = 0
      const publish = (ms: number, payload: EventPayload): void => {
        seq += 1
        const at = new Date(epochMs + ms).toISOString()
        server.controller.publish({ seq, at, ms, ...payload })
      }
      server.controller.sandbox.view = async () => ({ ...view, lastSeq: seq })
      const worker = { type: 'instance', instance: 'worker-1', by: 'user' } as const
      publish(80_000, { ...worker, state: 'exited', signal: 'SIGKILL' })
      publish(85_000, { ...worker, state: 'ready' })
      publish(100_000, { type: 'note', level: 'info', text: 'now' })

      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      await page.goto(server.secretUrl())
      const moment = page.getByTestId('live-moment')
      const box = page.locator('.picture [data-name="worker-1"]')
      const killed = page.locator('.timeline li').filter({ hasText: 'killed' }).locator('time')
      await page.getByText('line at 99000').waitFor()
      await expect.poll(async () => box.textContent()).toContain('running')
      expect(await moment.textContent()).toBe('● live')

      await killed.hover()
      await expect.poll(async () => box.textContent()).toContain('not running')
      expect(await killed.getAttribute('class')).toBe('now')
      // The last line before the moment.
      expect(await page.locator('.row-now').textContent()).toContain('line at 60000')
      expect(await moment.textContent()).toContain('ago')
      await page.getByRole('heading', { name: 'Charts' }).hover()
      await expect.poll(async () => moment.textContent()).toBe('● live')
      expect(await box.textContent()).toContain('running')

      await killed.click()
      await page.getByRole('heading', { name: 'Charts' }).hover()
      await expect.poll(async () => moment.textContent()).toContain('❚❚')
      expect(await box.textContent()).toContain('not running')
      expect(await pageViolations(page)).toEqual([])

      await page.getByRole('button', { name: 'Back to live' }).click()
      await expect.poll(async () => moment.textContent()).toBe('● live')
      expect(await box.textContent()).not.toContain('not running')

      // A line of the log, a chart and the keyboard choose a moment, too.
      await page.getByText('line at 80500').hover()
      await expect.poll(async () => box.textContent()).toContain('not running')
      await page.locator('.chart .u-over').first().hover()
      await expect.poll(async () => moment.textContent()).toContain('ago')
      await page.getByRole('slider', { name: 'Moment' }).focus()
      await page.keyboard.press('ArrowLeft')
      await page.getByRole('heading', { name: 'Charts' }).hover()
      expect(await moment.textContent()).toContain('❚❚')
      closed.resolve()
      await page.close()
    })
  },
)
