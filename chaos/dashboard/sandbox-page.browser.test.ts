import { gzipSync } from 'node:zlib'

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import type { CatalogueView, SandboxView } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { TrapStatus } from '#chaos/contracts/links.ts'

import { skipWithoutBrowser } from './testing/browser.ts'
import { openDashboard } from './testing/open-dashboard.ts'
import type { OpenDashboard } from './testing/open-dashboard.ts'
import { pageBands, pageLog, pageState, pageViolations } from './testing/page-state.ts'

// One real sandbox and one real browser; each test opens its own page and leaves no fault.
describe.skipIf(skipWithoutBrowser)('sandbox page (skipped without Chromium)', () => {
  let dashboard: OpenDashboard

  beforeAll(async () => {
    dashboard = await openDashboard()
  })
  afterEach(async () => dashboard.heal())
  afterAll(async () => dashboard?.[Symbol.asyncDispose]())

  test('a latency fault from the form shows on the link and in the charts, and is healed', async () => {
    const page = await dashboard.open('sandbox')
    await page.getByRole('button', { name: 'Link api-1:payments' }).dispatchEvent('click')
    await page.getByTestId('inject').click()
    await expect.poll(async () => pageState(page), { timeout: 10_000 }).toBe('1 fault active')
    expect(await page.getByRole('button', { name: /Link api-1:payments, \+500 ms/ }).count()).toBe(
      1,
    )
    await expect.poll(async () => (await pageBands(page)).length).toBeGreaterThan(0)
    await page.getByTestId('heal').first().click()
    await expect.poll(async () => pageState(page), { timeout: 10_000 }).toBe('ready')
    await page.close()
  })

  test('a fault appears as a band in the charts within 200 ms (95th percentile of 20)', async () => {
    const page = await dashboard.open('sandbox')
    await expect.poll(async () => pageState(page), { timeout: 10_000 }).toBe('ready')
    const injectedAt = new Map<string, number>()
    for (let i = 0; i < 20; i++) {
      const fault = await dashboard.call<ActiveFault>('POST', 'faults', {
        kind: 'latency',
        target: 'api-2:payments',
        params: { latencyMs: 5 },
      })
      injectedAt.set(fault.id, Date.parse(fault.since))
      // One after the other: the page can pause once, for example to collect garbage, and that is one late band.
      await expect
        .poll(async () => (await pageBands(page)).some(({ id }) => id === fault.id))
        .toBe(true)
      await dashboard.call('DELETE', `faults/${fault.id}`)
    }
    const delays = (await pageBands(page))
      .flatMap(({ id, at }) => (injectedAt.has(id) ? [at - (injectedAt.get(id) ?? 0)] : []))
      .toSorted((a, b) => a - b)
    expect(delays[18]).toBeLessThanOrEqual(200)
    await page.close()
  })

  test('a tap shows the exchanges of a link, and ends when it is stopped', async () => {
    const page = await dashboard.open('sandbox')
    await page.getByRole('button', { name: 'Link api-1:postgres' }).dispatchEvent('click')
    await page.getByTestId('tap').click()
    await page
      .getByLabel(/^Exchanges on api-1:postgres/)
      .getByText('INSERT orders')
      .first()
      .waitFor({ timeout: 20_000 })
    const untapped = page.waitForRequest((request) => request.method() === 'DELETE')
    await page.getByTestId('tap').click()
    expect((await untapped).url()).toContain('/api/taps/')
    await page.close()
  })

  test('a trap from the form holds a COMMIT until it is released, and is disarmed', async () => {
    const page = await dashboard.open('sandbox')
    await page.getByRole('button', { name: 'Link api-1:postgres' }).dispatchEvent('click')
    await page.getByText('Trap: act on one message').click()
    const form = page.getByRole('form', { name: 'Trap' })
    expect(await form.getByLabel('Message', { exact: true }).inputValue()).toBe('COMMIT')
    expect(await pageViolations(page)).toEqual([])
    await page.getByTestId('arm-trap').click()
    const trap = page.getByTestId('trap')
    await trap.getByRole('button', { name: 'Deliver' }).click({ timeout: 20_000 })
    await expect
      .poll(async () => dashboard.call<readonly TrapStatus[]>('GET', 'traps'))
      .toMatchObject([{ order: { links: ['api-1:postgres'] }, state: 'sprung' }])
    await trap.getByRole('button', { name: 'Remove' }).click()
    await expect.poll(async () => trap.count()).toBe(0)
    expect(await dashboard.call('GET', 'traps')).toEqual([])
    await page.close()
  })

  test('each part of the system opens with the faults that work on it', async () => {
    const { system } = await dashboard.call<SandboxView>('GET', 'sandbox')
    const { faults } = await dashboard.call<CatalogueView>('GET', 'catalogue')
    const page = await dashboard.open('sandbox')
    const parts = [...system.instances.map(({ name }) => name), ...system.stores]
    for (const name of [...parts, ...system.links.map(({ name }) => name)]) {
      await page.locator(`[data-name="${name}"]`).dispatchEvent('click')
      const panel = page.getByRole('region', { name, exact: true })
      await panel.locator('select').first().waitFor()
      const offered = await panel.locator('select').first().locator('option').allTextContents()
      const isStore = system.stores.some((store) => store === name)
      const targets = name.includes(':') ? ['link'] : ['instance', ...(isStore ? ['store'] : [])]
      const works = faults.filter(
        ({ target, stores }) => targets.includes(target) && stores?.includes(name) !== false,
      )
      expect(offered.map((text) => text.replace(' (not available)', ''))).toEqual(
        works.map(({ kind }) => kind),
      )
    }
    await page.close()
  })

  test('halt heals every fault and refuses new ones until it is lifted', async () => {
    await dashboard.call('POST', 'faults', {
      kind: 'latency',
      target: 'worker-*:payments',
      params: { latencyMs: 50 },
    })
    const page = await dashboard.open('sandbox')
    await page.getByRole('button', { name: 'Halt', exact: true }).click()
    await expect.poll(async () => pageState(page), { timeout: 10_000 }).toBe('halted')
    expect(await dashboard.call<readonly ActiveFault[]>('GET', 'faults')).toEqual([])
    await page.locator('.banner').waitFor()
    await page.getByRole('button', { name: 'Link api-1:payments' }).dispatchEvent('click')
    const inject = page.getByTestId('inject')
    expect(await inject.isDisabled()).toBe(true)
    await pageLog(page).waitFor()
    expect(await pageViolations(page)).toEqual([])
    await page.getByRole('button', { name: /^Lift/ }).click()
    await expect.poll(async () => pageState(page), { timeout: 10_000 }).toBe('ready')
    expect(await page.locator('.banner').count()).toBe(0)
    await page.close()
  })

  test('the keyboard opens a link and reaches its fault form; closing returns the focus to the link', async () => {
    const page = await dashboard.open('sandbox')
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    expect(await focused.textContent()).toBe('Skip to content')
    await page.locator('[data-name="api-1:payments"]').focus()
    await page.keyboard.press('Enter')
    await page.getByTestId('inject').waitFor()
    for (const label of ['Close', /^Fault/]) {
      await page.keyboard.press('Tab')
      await expect.poll(async () => focused.evaluate(nameOf)).toMatch(label)
    }
    await page.keyboard.press('Escape')
    await expect.poll(async () => focused.getAttribute('data-name')).toBe('api-1:payments')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.close()
  })

  test('a page shows the band of a fault that began before the received events', async () => {
    const fault = await dashboard.call<ActiveFault>('POST', 'faults', {
      kind: 'latency',
      target: 'api-2:redis',
      params: { latencyMs: 3 },
    })
    const page = await dashboard.browser.newPage({ viewport: { width: 1280, height: 800 } })
    // As an hour later: the stream no longer contains the event of the injection.
    const { lastSeq } = await dashboard.call<SandboxView>('GET', 'sandbox')
    await page.route('**/api/events?after=*', async (route) =>
      route.continue({ url: `${dashboard.url}/api/events?after=${lastSeq}` }),
    )
    await page.goto(await dashboard.secretUrl())
    await expect
      .poll(async () => (await pageBands(page)).map(({ id }) => id), { timeout: 10_000 })
      .toContain(fault.id)
    await dashboard.call('DELETE', `faults/${fault.id}`)
    await page.close()
  })

  test('the first load is at most 150 kB compressed, is drawn within a second, and sends no request to another origin', async () => {
    const page = await dashboard.browser.newPage()
    // A session, and nothing in the browser's cache.
    await page.context().request.get(await dashboard.secretUrl())
    const foreign: string[] = []
    const sizes: Promise<number>[] = []
    page.on('response', (response) => {
      if (/\/(assets\/.*)?$/.test(new URL(response.url()).pathname))
        sizes.push(response.body().then((body) => gzipSync(body).length))
    })
    page.on('request', (request) => {
      if (
        new URL(request.url()).origin !== new URL(dashboard.url).origin &&
        !request.url().startsWith('data:')
      )
        foreign.push(request.url())
    })
    await page.goto(`${dashboard.url}/#/sandbox`)
    await page.locator('.picture .box').first().waitFor()
    const paintedMs = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    )
    expect(paintedMs).toBeLessThan(1_000)
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    expect(sizes.length).toBeGreaterThanOrEqual(3)
    expect(bytes).toBeLessThan(150_000)
    expect(foreign).toEqual([])
    await page.close()
  })
})

/** The accessible name of a focused element: its own label or the label around it. */
function nameOf(element: unknown): string {
  const { labels, ariaLabel } = element as {
    readonly labels?: ArrayLike<{ readonly textContent: string }>
    readonly ariaLabel: string | null
  }
  return ariaLabel ?? labels?.[0]?.textContent ?? ''
}
