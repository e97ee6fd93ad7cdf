import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { SandboxView } from '../../../contracts/api.ts'
import { createRefresher, idleRefreshMs, refreshMs } from './refresher.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const idle = { ready: true, halted: false, faults: [], traffic: null, run: null } as unknown

function open(change: object = {}) {
  const page = {
    sandbox: { ...(idle as SandboxView), ...change },
    connection: 'live' as 'live' | 'lost',
    hidden: false,
    refreshes: 0,
    refresh: async (): Promise<void> => undefined,
  }
  const refresher = createRefresher({
    refresh: async () => {
      page.refreshes += 1
      await page.refresh()
    },
    state: () => page,
    isHidden: () => page.hidden,
    now: () => performance.now(),
  })
  return { page, refresher }
}

test('a page of an idle sandbox sends at most eight requests a minute', async () => {
  const { page, refresher } = open()
  await vi.advanceTimersByTimeAsync(0)
  page.refreshes = 0
  await vi.advanceTimersByTimeAsync(60_000)
  expect(page.refreshes).toBeLessThanOrEqual(8)
  expect(page.refreshes).toBeGreaterThanOrEqual(60_000 / idleRefreshMs - 1)
  refresher.stop()
})

test.each([
  { faults: [{}] },
  { traffic: {} },
  { run: 'run-1' },
  { ready: false },
  { halted: true },
  { unread: [{}] },
])('while something happens, a page refreshes every two seconds: %j', async (change) => {
  const { page, refresher } = open(change)
  await vi.advanceTimersByTimeAsync(0)
  page.refreshes = 0
  await vi.advanceTimersByTimeAsync(60_000)
  expect(page.refreshes).toBe(60_000 / refreshMs)
  refresher.stop()
})

test('a page without a connection refreshes every two seconds, although requests hang', async () => {
  const { page, refresher } = open()
  page.connection = 'lost'
  page.refresh = async () => await new Promise<never>(() => {})
  await vi.advanceTimersByTimeAsync(10 * refreshMs)
  expect(page.refreshes).toBe(11)
  refresher.stop()
})

test('a hidden page sends no request, and refreshes when it is visible again', async () => {
  const { page, refresher } = open({ traffic: {} })
  page.hidden = true
  await vi.advanceTimersByTimeAsync(refreshMs)
  page.refreshes = 0
  await vi.advanceTimersByTimeAsync(60_000)
  expect(page.refreshes).toBe(0)
  page.hidden = false
  refresher.soon()
  await vi.advanceTimersByTimeAsync(0)
  expect(page.refreshes).toBe(1)
  refresher.stop()
})

test('an event refreshes at once, but not twice within two seconds', async () => {
  const { page, refresher } = open()
  await vi.advanceTimersByTimeAsync(3_000)
  page.refreshes = 0
  refresher.onEvent({ type: 'figures' })
  await vi.advanceTimersByTimeAsync(0)
  expect(page.refreshes).toBe(0)
  refresher.onEvent({ type: 'fault' })
  await vi.advanceTimersByTimeAsync(0)
  expect(page.refreshes).toBe(1)
  refresher.onEvent({ type: 'fault' })
  await vi.advanceTimersByTimeAsync(refreshMs - 1)
  expect(page.refreshes).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(page.refreshes).toBe(2)
  refresher.stop()
})

test('an event during a refresh causes another refresh two seconds later', async () => {
  const { page, refresher } = open()
  await vi.advanceTimersByTimeAsync(3_000)
  const response = Promise.withResolvers<void>()
  page.refresh = async () => await response.promise
  refresher.onEvent({ type: 'fault' })
  await vi.advanceTimersByTimeAsync(0)
  page.refreshes = 0
  refresher.onEvent({ type: 'fault' })
  response.resolve()
  await vi.advanceTimersByTimeAsync(refreshMs)
  expect(page.refreshes).toBe(1)
  refresher.stop()
})
