import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { readControllerConfig } from '#chaos/api/process/config.ts'
import { startController } from '#chaos/api/process/start-controller.ts'
import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { TrapStatus } from '#chaos/contracts/links.ts'
import { skipWithoutBrowser } from '#chaos/dashboard/testing/browser.ts'
import { browseDashboard } from '#chaos/dashboard/testing/open-dashboard.ts'
import type { BrowsedDashboard } from '#chaos/dashboard/testing/open-dashboard.ts'
import { pageState, pageViolations } from '#chaos/dashboard/testing/page-state.ts'

import { diary as system } from './diary.ts'

describe.skipIf(skipWithoutBrowser)('page of another system (skipped without Chromium)', () => {
  const resources = new AsyncDisposableStack()
  let dashboard: BrowsedDashboard

  beforeAll(async () => {
    const home = await mkdtemp(join(tmpdir(), 'unhappy-home-'))
    resources.defer(async () => await rm(home, { recursive: true, force: true }))
    const ended = new AbortController()
    const ready = Promise.withResolvers<SandboxFile>()
    const running = startController({
      system,
      labs: [],
      config: readControllerConfig({ UNHAPPY_HOME: home }),
      signal: ended.signal,
      end: () => ended.abort(),
      onProgress: () => undefined,
      onReady: ready.resolve,
    })
    running.catch(ready.reject)
    resources.defer(async () => {
      ended.abort()
      await running
    })
    dashboard = resources.use(await browseDashboard(await ready.promise))
    await dashboard.call('PUT', 'traffic', { writePerSecond: 5, countPerSecond: 5 })
  })
  afterEach(async () => dashboard.heal())
  afterAll(async () => resources.disposeAsync())

  test('the picture has its boxes and links, and the panel of truth has its counter', async () => {
    const page = await dashboard.open('sandbox')
    const named = page.locator('[data-name]')
    const names = () => named.evaluateAll((parts) => parts.map(({ dataset }) => dataset['name']))
    await expect
      .poll(names)
      .toEqual(['client:diary', 'diary:postgres', 'client', 'diary', 'postgres'])
    const { truth } = await dashboard.call<SandboxView>('GET', 'sandbox')
    expect(Object.keys(truth ?? {})).toEqual(['entries'])
    await page.getByText('entries', { exact: true }).first().waitFor()
    expect(await pageViolations(page)).toEqual([])
    await page.close()
  })

  test('a click on a link injects latency, and halt heals it', async () => {
    const page = await dashboard.open('sandbox')
    await page.locator('[data-name="diary:postgres"]').dispatchEvent('click')
    await page.getByTestId('inject').click()
    await page
      .getByRole('button', { name: /Link diary:postgres, \+500 ms/ })
      .waitFor({ state: 'attached' })
    expect(await dashboard.call<readonly ActiveFault[]>('GET', 'faults')).toMatchObject([
      { kind: 'latency', targets: ['diary:postgres'] },
    ])
    await page.getByRole('button', { name: 'Halt', exact: true }).click()
    await expect.poll(async () => pageState(page)).toBe('halted')
    expect(await dashboard.call<readonly ActiveFault[]>('GET', 'faults')).toEqual([])
    await page.close()
  })

  test('a trap from the form holds a COMMIT until it is released', async () => {
    const page = await dashboard.open('sandbox')
    await page.locator('[data-name="diary:postgres"]').dispatchEvent('click')
    await page.getByText('Trap: act on one message').click()
    const form = page.getByRole('form', { name: 'Trap' })
    expect(await form.getByLabel('Message', { exact: true }).inputValue()).toBe('COMMIT')
    await page.getByTestId('arm-trap').click()
    await page.getByTestId('trap').getByRole('button', { name: 'Deliver' }).click()
    await expect
      .poll(async () => dashboard.call<readonly TrapStatus[]>('GET', 'traps'))
      .toMatchObject([{ order: { links: ['diary:postgres'] }, state: 'sprung' }])
    await page.close()
  })
})
