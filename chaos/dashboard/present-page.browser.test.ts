import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { viewSystem } from '#chaos/api/sandbox/system-view.ts'
import type { SandboxView } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { Outcome } from '#chaos/contracts/history.ts'

import { system } from '../system.ts'
import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { pageViolations } from './testing/page-state.ts'
import { startScriptedController, type ScriptedController } from './testing/scripted-controller.ts'

const shown = viewSystem(system)

const fault: ActiveFault = {
  id: 'f1',
  kind: 'latency',
  targets: ['api-1:payments'],
  params: { latencyMs: 500 },
  mechanism: 'toxic',
  toxics: ['f1'],
  by: 'user',
  since: '2026-01-01T00:00:00.000Z',
  until: '2026-01-01T00:10:00.000Z',
  leaseMs: 600_000,
}

/** The shop with customers; `faulty`: with a slow link and a killed instance. */
function viewOf(faulty: boolean): SandboxView {
  const toxic = { name: 'f1', type: 'latency', stream: 'downstream', toxicity: 1, attributes: {} }
  return {
    system: shown,
    startedAt: '2026-01-01T00:00:00.000Z',
    ready: true,
    halted: false,
    urls: { dashboard: '', shop: [''], proxy: '' },
    instances: [...shown.instances.map(({ name }) => name), ...shown.stores].map((name) => ({
      name,
      kind: 'service',
      state: faulty && name === 'worker-2' ? 'exited' : 'ready',
      restarts: 0,
    })),
    links: shown.links.map(({ name }) => ({
      name,
      listen: '',
      upstream: '',
      enabled: true,
      connections: 1,
      bytesUpstream: 0,
      bytesDownstream: 0,
      toxics:
        faulty && name === 'api-1:payments' ? [{ ...toxic, look: 'slow', label: '+500 ms' }] : [],
    })),
    faults: faulty ? [fault] : [],
    truth: null,
    acknowledged: 0,
    traffic: { ordersPerSecond: 10 },
    run: null,
    lastSeq: 0,
  } as unknown as SandboxView
}

describe.skipIf(skipWithoutBrowser)('presenter view (skipped without Chromium)', () => {
  let browser: Browser
  let controller: ScriptedController
  let stop = (): void => undefined

  /** Ten orders per second with this outcome, in the seconds before now. */
  const sendOrders = (fromMs: number, toMs: number, outcome: Outcome): void => {
    for (let ms = fromMs; ms < toMs; ms += 100)
      controller.send(ms, {
        type: 'operation',
        operation: {
          id: ms,
          kind: 'place-order',
          outcome,
          startMs: 0,
          endMs: 20,
          attempts: [],
          tags: [],
        },
      })
  }
  const open = async (hash: string): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await page.goto(`${controller.url}/${hash}`)
    return page
  }
  const sentence = async (page: Page): Promise<string> =>
    (await page.getByTestId('sentence').textContent()) ?? ''

  beforeAll(async () => {
    browser = await launchBrowser()
    controller = await startScriptedController(viewOf(false))
    // 40 good seconds, then a fault and ten seconds in which every order fails.
    const now = controller.now()
    sendOrders(now - 50_000, now - 10_000, 'ok')
    controller.send(now - 10_000, { type: 'fault', what: 'injected', fault })
    controller.show(viewOf(true))
    sendOrders(now - 9_900, now, 'fail')
    // As a real controller: once a second, which also keeps the clock of the page exact.
    const timer = setInterval(() => {
      sendOrders(controller.now(), controller.now() + 1, 'fail')
      controller.send(controller.now(), { type: 'figures', operations: [], links: [] })
    }, 200)
    stop = () => clearInterval(timer)
  })
  afterAll(async () => {
    stop()
    await browser?.close()
    await controller?.[Symbol.asyncDispose]()
  })

  test('every text has at least 28 pixels at 1920 by 1080, and axe finds nothing, in both themes', async () => {
    const page = await open('#/present')
    await page.locator('[data-label="api-1:payments"]').waitFor()
    await expect.poll(async () => sentence(page)).toContain('No request succeeded')
    for (const theme of ['light', 'dark']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
      expect(await page.evaluate(smallTexts)).toEqual([])
      expect(await pageViolations(page)).toEqual([])
    }
    // Nothing is cut off, and nothing scrolls.
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBe(1080)
    await page.close()
  })

  test('a remote control goes back to the fault and returns; the past has the sentence of its time', async () => {
    const page = await open('#/present')
    await expect.poll(async () => sentence(page)).toContain('No request succeeded')
    await page.keyboard.press('PageUp')
    await page.getByTestId('moment').waitFor()
    // The first failure, 100 ms after the fault: one failure is in the last seconds, all others are successes.
    await expect.poll(async () => sentence(page)).toMatch(/^▲.*1 of \d+ orders failed/)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(async () => sentence(page)).toMatch(/^✓All \d+ requests succeeded/)
    expect(await page.locator('.link.slow').count()).toBe(0)
    await page.keyboard.press('PageDown')
    await page.keyboard.press('PageDown')
    await expect.poll(async () => page.getByTestId('moment').count()).toBe(0)
    await page.close()
  })

  test('hidden faults are question marks until they are revealed', async () => {
    const page = await open('#/present/hidden')
    const labels = page.locator('.stage-picture .link-label')
    await labels.first().waitFor()
    expect(await labels.allTextContents()).toEqual(['?'])
    expect(await page.locator('[data-box="worker-2"]').textContent()).toBe('worker-2?')
    expect(await page.locator('main').innerHTML()).not.toMatch(/latency|500 ms|not running/)
    expect(await pageViolations(page)).toEqual([])
    await page.keyboard.press('PageDown')
    await expect.poll(async () => labels.allTextContents()).toEqual(['+500 ms'])
    await page.keyboard.press('r')
    await expect.poll(async () => labels.allTextContents()).toEqual(['?'])
    await page.close()
  })

  test('a marker is listed, and its number jumps to it', async () => {
    const page = await open('#/present')
    await page.locator('[data-label="api-1:payments"]').waitFor()
    await page.keyboard.press('m')
    await page.keyboard.press('1')
    const moment = await page.getByTestId('moment').textContent()
    expect(moment).toMatch(/^❚❚ \d\d:\d\d:\d\d, \d+ s ago$/)
    expect(await page.getByTestId('marker').getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.press('End')
    await expect.poll(async () => page.getByTestId('moment').count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Presenter view' }).waitFor()
    await page.close()
  })

  test('without a controller the view says that nothing is known, and the past is still there', async () => {
    const page = await open('#/present')
    await page.locator('[data-label="api-1:payments"]').waitFor()
    controller.show(null)
    await expect.poll(async () => sentence(page)).toContain('unknown')
    expect(await page.locator('.box.unsure').count()).toBeGreaterThan(3)
    await page.keyboard.press('PageUp')
    await expect.poll(async () => sentence(page)).toContain('orders failed')
    controller.show(viewOf(true))
    await page.close()
  })
})

/** Texts of the page below 28 pixels on the screen. The bar for a mouse is not part of the stage. */
const smallTexts = `[...document.querySelectorAll('.stage :is(p, span, b, text)')]
  .filter((node) => node.textContent !== '' && !node.closest('.present-bar, .unseen, dialog'))
  .map((node) => {
    const px = Number.parseFloat(getComputedStyle(node).fontSize)
    const scale = node.getScreenCTM?.().a ?? 1
    return { text: node.textContent, px: Math.round(px * scale * 10) / 10 }
  })
  .filter(({ px }) => px < 28)`
