import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'

import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import type { ExportedRun } from '#chaos/api/runs/export-run.ts'
import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import type { TestCli } from '#chaos/cli/testing/test-cli.ts'
import type { SandboxFile, SandboxView, XrayList, XraySummary } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'

import { openBreakableRelay } from './testing/breakable-relay.ts'
import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { keepersOf, processesOf } from './testing/processes-of.ts'
import { saveXrayFixture } from './testing/xray-fixture.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// One real sandbox and one real browser; each test has a page of its own and leaves no fault behind.
describe.skipIf(skipWithoutBrowser)('dashboard (skipped where there is no Chromium)', () => {
  let cli: TestCli
  let browser: Browser
  let url = ''
  let token = ''

  const [before, after] = ['xray-20300101-000000-place-order', 'xray-20300101-000100-place-order']

  beforeAll(async () => {
    cli = await createTestCli()
    const runs = `${cli.home}/runs`
    await saveXrayFixture(runs, before, 'naive', {
      's03/reply-cut': 'double-effect',
      's04/reply-late': 'stuck',
    })
    await saveXrayFixture(runs, after, 'mine', { 's05/request-cut': 'lost' })
    const { status, stdout, stderr } = await cli.run(['up', '--detach', '--json'])
    expect({ status, stderr }).toMatchObject({ status: 0 })
    const view = JSON.parse(stdout) as SandboxView
    url = view.urls.dashboard
    const file = readFileSync(`${cli.home}/.unhappy/sandboxes/${view.slot}.json`, 'utf8')
    token = (JSON.parse(file) as SandboxFile).token
    browser = await launchBrowser()
    await call('PUT', 'traffic', {
      ordersPerSecond: 5,
      browsePerSecond: 10,
      quotesPerSecond: 2,
      readOrdersPerSecond: 3,
    })
  })
  // What a failed test left halted or broken would fail all that come after it.
  afterEach(async () => {
    await call('DELETE', 'halt')
    await call('DELETE', 'faults')
  })
  afterAll(async () => {
    await browser?.close()
    await cli?.[Symbol.asyncDispose]()
  })

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/api/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    expect(response.ok).toBe(true)
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  async function open(hash: string, from = url): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(`${from}/#/${hash}`)
    return page
  }

  const pillText = async (page: Page): Promise<string | null> => page.locator('.pill').textContent()

  test('a link is clicked, made slow, seen as slow and as a band, and healed', async () => {
    const page = await open('sandbox')
    await page.getByRole('button', { name: 'Link api-1:payments' }).dispatchEvent('click')
    await page.getByTestId('inject').click()
    await expect.poll(async () => pillText(page), { timeout: 10_000 }).toBe('1 fault active')
    expect(await page.getByRole('button', { name: /Link api-1:payments, \+500 ms/ }).count()).toBe(
      1,
    )
    await expect
      .poll(async () =>
        page.evaluate(() => performance.getEntriesByName('unhappy-band-drawn').length),
      )
      .toBeGreaterThan(0)
    await page.getByTestId('heal').first().click()
    await expect.poll(async () => pillText(page), { timeout: 10_000 }).toBe('ready')
    await page.close()
  })

  test('a fault is a band in the charts within 200 ms (95th percentile of 20)', async () => {
    const page = await open('sandbox')
    await expect.poll(async () => pillText(page), { timeout: 10_000 }).toBe('ready')
    const injectedAt = new Map<string, number>()
    for (let i = 0; i < 20; i++) {
      const fault = await call<ActiveFault>('POST', 'faults', {
        kind: 'latency',
        target: 'api-2:payments',
        params: { latencyMs: 5 },
      })
      injectedAt.set(fault.id, Date.parse(fault.since))
      await call('DELETE', `faults/${fault.id}`)
    }
    const marks = async (): Promise<{ id: string; at: number }[]> =>
      page.evaluate(() =>
        performance.getEntriesByName('unhappy-band-drawn').map((mark) => ({
          id: String((mark as unknown as { detail: unknown }).detail),
          at: performance.timeOrigin + mark.startTime,
        })),
      )
    await expect
      .poll(async () => (await marks()).filter(({ id }) => injectedAt.has(id)).length)
      .toBe(20)
    const delays = (await marks())
      .flatMap(({ id, at }) => (injectedAt.has(id) ? [at - (injectedAt.get(id) ?? 0)] : []))
      .toSorted((a, b) => a - b)
    expect(delays[18]).toBeLessThanOrEqual(200)
    await page.close()
  })

  test('the messages of a link can be watched, and its tap ends with that', async () => {
    const page = await open('sandbox')
    await page.getByRole('button', { name: 'Link api-1:postgres' }).dispatchEvent('click')
    await page.getByTestId('tap').click()
    await page
      .getByLabel(/^Messages on api-1:postgres/)
      .getByText('INSERT orders')
      .first()
      .waitFor({ timeout: 20_000 })
    const untapped = page.waitForRequest((request) => request.method() === 'DELETE')
    await page.getByTestId('tap').click()
    expect((await untapped).url()).toContain('/api/taps/')
    await page.close()
  })

  test('halt undoes everything and can be lifted', async () => {
    await call('POST', 'faults', {
      kind: 'latency',
      target: 'worker-*:payments',
      params: { latencyMs: 50 },
    })
    const page = await open('sandbox')
    await page.getByRole('button', { name: 'Halt', exact: true }).click()
    await expect.poll(async () => pillText(page), { timeout: 10_000 }).toBe('halted')
    expect(await call<readonly ActiveFault[]>('GET', 'faults')).toEqual([])
    await page.getByText(/Halted.*none can be injected until you lift it/).waitFor()
    await page.getByRole('button', { name: 'Link api-1:payments' }).dispatchEvent('click')
    const inject = page.getByTestId('inject')
    expect(await inject.textContent()).toBe('Halted: lift it first')
    expect(await inject.isDisabled()).toBe(true)
    await logsOf(page).waitFor()
    expect(await seriousOn(page)).toEqual([])
    await page.getByRole('button', { name: 'Lift halt' }).click()
    await expect.poll(async () => pillText(page), { timeout: 10_000 }).toBe('ready')
    expect(await page.locator('.banner').count()).toBe(0)
    await page.close()
  })

  test('with the keyboard alone a link is opened, its fault is reached, and the place is found again', async () => {
    const page = await open('sandbox')
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
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'List of keys' }).click()
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.close()
  })

  test('a page that opens late shows the band of a fault that began long before', async () => {
    const fault = await call<ActiveFault>('POST', 'faults', {
      kind: 'latency',
      target: 'api-2:redis',
      params: { latencyMs: 3 },
    })
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    // As after an hour: the stream does not tell of its beginning any more.
    const { lastSeq } = await call<SandboxView>('GET', 'sandbox')
    await page.route('**/api/events?after=*', async (route) =>
      route.continue({ url: `${url}/api/events?after=${lastSeq}` }),
    )
    await page.goto(`${url}/#/sandbox`)
    const drawn = async (): Promise<readonly string[]> =>
      page.evaluate(() =>
        performance
          .getEntriesByName('unhappy-band-drawn')
          .map((mark) => String((mark as unknown as { detail: unknown }).detail)),
      )
    await expect.poll(drawn, { timeout: 10_000 }).toContain(fault.id)
    await call('DELETE', `faults/${fault.id}`)
    await page.close()
  })

  test('a page whose connection breaks comes back and has missed nothing', async () => {
    await using path = await openBreakableRelay(url)
    const page = await open('sandbox', path.url)
    await expect.poll(async () => pillText(page), { timeout: 10_000 }).toBe('ready')
    path.cut()
    await expect.poll(async () => page.locator('.banner').count(), { timeout: 10_000 }).toBe(1)
    const fault = await call<ActiveFault>('POST', 'faults', {
      kind: 'latency',
      target: 'api-1:redis',
      params: { latencyMs: 7 },
    })
    await call('DELETE', `faults/${fault.id}`)
    // What nobody knows is not shown as if it were so.
    expect(await page.getByRole('button', { name: /: \? not known$/ }).count()).toBe(7)
    expect(await seriousOn(page)).toEqual([])
    path.reconnect()
    await expect.poll(async () => page.locator('.banner').count(), { timeout: 20_000 }).toBe(0)
    await page.getByRole('button', { name: 'api-1: ● ready' }).waitFor()
    await expect
      .poll(async () => page.getByText(/^latency 7 ms on api-1:redis/).count(), { timeout: 20_000 })
      .toBe(1)
    expect(await page.getByText(/^healed: latency 7 ms on api-1:redis/).count()).toBe(1)
    await page.close()
  })

  test('a page that is opened while the controller is away is filled when it is back', async () => {
    await using path = await openBreakableRelay(url)
    const page = await open('sandbox', path.url)
    await expect.poll(async () => pillText(page), { timeout: 10_000 }).toBe('ready')
    path.cut()
    await page.locator('.banner').waitFor()
    await page.getByRole('navigation').getByRole('link', { name: 'Labs' }).click()
    await page.getByText('The controller does not answer.', { exact: true }).waitFor()
    path.reconnect()
    await page.getByRole('heading', { name: 'First steps' }).waitFor({ timeout: 20_000 })
    await page.close()
  })

  test('a page whose controller is stopped says how to start it, and comes back with the next one', async () => {
    await using other = await createTestCli()
    const up = async (): Promise<SandboxView> =>
      JSON.parse((await other.run(['up', '--detach', '--json'])).stdout) as SandboxView
    // The next one may have another port.
    await using path = await openBreakableRelay((await up()).urls.dashboard)
    const page = await open('sandbox', path.url)
    await expect.poll(async () => pillText(page), { timeout: 10_000 }).toBe('ready')
    await other.run(['down'])
    await page.getByText(/Is it down\? npx unhappy up/).waitFor()
    await page.getByRole('button', { name: 'Halt', exact: true }).click()
    await page.getByText('The controller does not answer.', { exact: true }).waitFor()
    const next = await up()
    path.reconnect(next.urls.dashboard)
    await expect.poll(async () => pillText(page), { timeout: 30_000 }).toBe('ready')
    expect(await page.locator('.banner').count()).toBe(0)
    await page.close()
  })

  test('every page has no serious accessibility violation, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width: 1280, height: 800 },
      })
      const xrays = ['xray', `xray/${before}`, `xray/${before}/s03/reply-cut`]
      const pages = ['sandbox', 'labs', 'labs/lab-zero', 'runs']
      for (const hash of [...pages, ...xrays, `xray/${before}/vs/${after}`]) {
        const page = await context.newPage()
        await page.goto(`${url}/#/${hash}`)
        await page.locator('main h1, main h2').first().waitFor()
        if (hash === 'sandbox') await logsOf(page).waitFor()
        const serious = await seriousOn(page)
        expect({ colorScheme, hash, serious }).toEqual({ colorScheme, hash, serious: [] })
        await page.close()
      }
      await context.close()
    }
  })

  test('an X-ray cell tells its two lines when it is pointed at, and its story when it opens', async () => {
    const page = await open(`xray/${before}`)
    const cell = page.getByRole('button', { name: /^s03 INSERT table_2, rep cut: DOUBLE/ })
    await cell.hover()
    const peek = await page.getByTestId('peek').textContent()
    expect(peek).toContain('client: ECONNRESET')
    expect(peek).toContain('charged 2 times')
    await cell.click()
    const dialog = page.getByTestId('cell-dialog')
    await dialog.locator('svg').waitFor()
    const story = await dialog.textContent()
    expect(story).toContain('At INSERT table_2 on api:postgres, it is done')
    expect(story).toContain(`npx unhappy xray replay s03/reply-cut --from`)
    expect(await dialog.getByText('the reply is gone').count()).toBe(1)
    await dialog.getByRole('button', { name: 'The untouched run' }).click()
    expect(await dialog.getByText('the reply is gone').count()).toBe(0)
    await page.keyboard.press('Escape')
    await expect.poll(async () => dialog.count()).toBe(0)
    await page.close()
  })

  test('a matrix is walked over with the arrow keys alone, from one stop of the Tab key', async () => {
    const page = await open(`xray/${before}`)
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

  test('25 rows by nine columns can be seen at once at 1280 by 800', async () => {
    const page = await open(`xray/${before}`)
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

  test('two X-rays are chosen and laid side by side: what is fixed and what is newly broken', async () => {
    const page = await open('xray')
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

  test('an X-ray is started on the page, fills while one looks, and leaves nothing when it is stopped', async () => {
    const processes = await processesOf(cli.home)
    const page = await open('xray')
    await page.getByTestId('start-xray').click()
    await page.getByTestId('xray-progress').waitFor({ timeout: 30_000 })
    const cells = page.locator('table.xray button[data-cell]')
    await cells.nth(4).waitFor({ timeout: 90_000 })
    const seen = await cells.count()
    await expect.poll(async () => cells.count(), { timeout: 60_000 }).toBeGreaterThan(seen)
    const mark = ' xray place-order '
    const started = (await processesOf(cli.home)).find((command) => command.includes(mark))
    const pid = started?.split(' ')[0] ?? 'nobody'
    const keepers = started === undefined ? ['cannot be seen here'] : await keepersOf(pid)
    expect(keepers.length).toBeGreaterThan(0)
    await page.getByTestId('stop-xray').click()
    const made = async (): Promise<XraySummary | undefined> =>
      (await call<XrayList>('GET', 'xrays')).xrays.find(({ id }) => page.url().endsWith(id))
    await expect
      .poll(made, { timeout: 60_000 })
      .toMatchObject({ state: 'stopped', error: 'ended by SIGTERM', ours: false })
    await page.getByText(/It was stopped after/).waitFor({ timeout: 30_000 })
    expect(await processesOf(cli.home)).toEqual(processes)
    expect(await keepersOf(pid)).toEqual([])
    await page.close()
  })

  test('a lab is started, predicted, checked, explained; its verdict and story are read', async () => {
    await call('DELETE', 'traffic')
    const page = await open('labs/lab-zero')
    await page.getByTestId('start-lab').click()
    await page.locator('[data-testid=prediction] .choice').first().click()
    await page.getByTestId('lock').click()
    await page.getByTestId('check').click()
    const verdict = page.getByTestId('verdict')
    await verdict.waitFor({ timeout: 60_000 })
    expect(await verdict.textContent()).toContain('VIOLATED')
    expect(await page.locator('.story').count()).toBe(0)
    await page
      .locator('[data-testid=explanation] textarea')
      .fill('The cache was asked first, and its error was the answer.')
    await page.getByRole('button', { name: 'Tell me the story' }).click()
    await page.locator('.story').waitFor()
    await page.getByText('Your prediction').waitFor()
    await page.getByText('The whole run').click()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Data (JSON)' }).click()
    const exported = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as ExportedRun
    expect(exported.run.outcome).toBe('violated')
    expect(exported.history.length).toBeGreaterThan(0)
    expect(await page.getByRole('link', { name: 'Page (HTML)' }).count()).toBe(1)
    expect(await seriousOn(page)).toEqual([])
    await page.close()
  })

  test('the first load is at most 150 kB compressed, drawn in under a second, and asks nobody else', async () => {
    const page = await browser.newPage()
    const foreign: string[] = []
    const sizes: Promise<number>[] = []
    page.on('response', (response) => {
      if (/\/(assets\/.*)?$/.test(new URL(response.url()).pathname))
        sizes.push(response.body().then((body) => gzipSync(body).length))
    })
    page.on('request', (request) => {
      if (
        new URL(request.url()).origin !== new URL(url).origin &&
        !request.url().startsWith('data:')
      )
        foreign.push(request.url())
    })
    await page.goto(`${url}/#/sandbox`)
    await page.locator('.room').first().waitFor()
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

/** The first line of the log that a page shows: it comes after the page. */
function logsOf(page: Page): Locator {
  return page.locator('.logs time').first()
}

/** What axe finds serious on a page. */
async function seriousOn(page: Page): Promise<readonly string[]> {
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

/** What a focused element is called: its label, its own or the one around it. */
function nameOf(element: unknown): string {
  const { labels, ariaLabel } = element as {
    readonly labels?: ArrayLike<{ readonly textContent: string }>
    readonly ariaLabel: string | null
  }
  return ariaLabel ?? labels?.[0]?.textContent ?? ''
}
