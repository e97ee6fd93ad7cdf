import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { measureEventLoopLagOnDemand } from './event-loop-lag.ts'
import type { EventLoopMonitor } from './event-loop-lag.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the event loop is measured only while a client reads the metrics', async () => {
  const { monitor, state } = fakeMonitor()
  const registry = new Registry()
  measureEventLoopLagOnDemand(registry, monitor)
  expect(state.enabled).toBe(false)
  await registry.metrics()
  expect(state.enabled).toBe(true)
  vi.advanceTimersByTime(40_000)
  await registry.metrics()
  vi.advanceTimersByTime(59_000)
  expect(state.enabled).toBe(true)
  vi.advanceTimersByTime(1_000)
  expect(state.enabled).toBe(false)
})

test('the figures cover the time since the previous read', async () => {
  const { monitor, state } = fakeMonitor()
  const registry = new Registry()
  measureEventLoopLagOnDemand(registry, monitor)
  const read = async (name: string): Promise<string | undefined> =>
    new RegExp(`^nodejs_eventloop_lag_${name}_seconds (.*)$`, 'm').exec(
      await registry.metrics(),
    )?.[1]
  expect(await read('p90')).toBe('Nan')
  state.count = 5
  expect(await read('p90')).toBe('0.9')
  expect(state.count).toBe(0)
})

function fakeMonitor() {
  const state = { enabled: false, count: 0 }
  const monitor: EventLoopMonitor = {
    enable: () => (state.enabled = true),
    disable: () => {
      state.enabled = false
      return true
    },
    reset: () => void (state.count = 0),
    get count() {
      return state.count
    },
    min: 1e9,
    max: 3e9,
    mean: 2e9,
    stddev: 1e9,
    percentile: (percent) => percent * 1e7,
  }
  return { monitor, state }
}
