import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import type { SandboxView } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'

import { openBreakableRelay } from './testing/breakable-relay.ts'
import { skipWithoutBrowser } from './testing/browser.ts'
import { openDashboard } from './testing/open-dashboard.ts'
import type { OpenDashboard } from './testing/open-dashboard.ts'
import { pageState, pageViolations } from './testing/page-state.ts'

// One real sandbox and one real browser; each test opens its own page and leaves no fault.
describe.skipIf(skipWithoutBrowser)(
  'connection to the controller (skipped without Chromium)',
  () => {
    let dashboard: OpenDashboard

    beforeAll(async () => {
      dashboard = await openDashboard()
    })
    afterEach(async () => dashboard.heal())
    afterAll(async () => dashboard?.[Symbol.asyncDispose]())

    test('a page reconnects after a broken connection and shows every event of the break', async () => {
      await using relay = await openBreakableRelay(dashboard.url)
      const page = await dashboard.open('sandbox', relay.url)
      await expect.poll(async () => pageState(page), { timeout: 10_000 }).toBe('ready')
      relay.cut()
      await expect.poll(async () => page.locator('.banner').count(), { timeout: 10_000 }).toBe(1)
      const fault = await dashboard.call<ActiveFault>('POST', 'faults', {
        kind: 'latency',
        target: 'api-1:redis',
        params: { latencyMs: 7 },
      })
      await dashboard.call('DELETE', `faults/${fault.id}`)
      // The state of the instances is unknown meanwhile.
      expect(await page.getByRole('button', { name: /: \? unknown$/ }).count()).toBe(7)
      expect(await pageViolations(page)).toEqual([])
      relay.reconnect()
      await expect.poll(async () => page.locator('.banner').count(), { timeout: 20_000 }).toBe(0)
      await page.getByRole('button', { name: /^api-1: running/ }).waitFor()
      await expect
        .poll(async () => page.getByText(/^latency 7 ms on api-1:redis/).count(), {
          timeout: 20_000,
        })
        .toBe(1)
      expect(await page.getByText(/^healed: latency 7 ms on api-1:redis/).count()).toBe(1)
      await page.close()
    })

    test('a page that could not load is filled when the controller responds again', async () => {
      await using relay = await openBreakableRelay(dashboard.url)
      const page = await dashboard.open('sandbox', relay.url)
      await expect.poll(async () => pageState(page), { timeout: 10_000 }).toBe('ready')
      relay.cut()
      await page.locator('.banner').waitFor()
      await page.getByRole('navigation').getByRole('link', { name: 'Labs' }).click()
      await page.locator('main .error').waitFor()
      relay.reconnect()
      await page.getByRole('heading', { name: 'First steps' }).waitFor({ timeout: 20_000 })
      await page.close()
    })

    test('a page shows how to start a stopped controller, and how to open the next one', async () => {
      await using other = await createTestCli()
      const up = async (): Promise<SandboxView> =>
        JSON.parse((await other.run(['up', '--detach', '--json'])).stdout) as SandboxView
      // The next controller may have another port.
      await using relay = await openBreakableRelay((await up()).urls.dashboard)
      const newAddress = async (): Promise<string> => {
        const { stdout } = await other.run(['open', '--json'])
        return `${relay.url}/${new URL((JSON.parse(stdout) as { readonly url: string }).url).search}`
      }
      const page = await dashboard.browser.newPage()
      await page.goto(await newAddress())
      await expect.poll(async () => pageState(page), { timeout: 10_000 }).toBe('ready')
      // While it is down, another sandbox may take its port.
      relay.cut()
      await other.run(['down'])
      await page.locator('.banner', { hasText: 'npx unhappy up' }).waitFor()
      for (const name of ['Halt', 'busy', 'Restore'])
        expect(await page.getByRole('button', { name, exact: true }).isDisabled()).toBe(true)
      expect(await page.locator('.impact').count()).toBe(0)
      const next = await up()
      relay.reconnect(next.urls.dashboard)
      await page.locator('.banner').getByText('npx unhappy open', { exact: true }).waitFor()
      await page.goto(await newAddress())
      await expect.poll(async () => pageState(page), { timeout: 30_000 }).toBe('ready')
      expect(await page.locator('.banner').count()).toBe(0)
      await page.close()
    })
  },
)
