import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { createTracker } from '#chaos/runtime/docker/tracker.ts'

import { announceReady } from './announce-ready.ts'

const clock = { ...systemClock, sleep: async () => await systemClock.sleep(1) }

test('a container that the engine has started again is reported as ready, once', async () => {
  const tracker = createTracker(clock, () => 'always')
  const states: string[] = []
  const ready = Promise.withResolvers<void>()
  const ended = new AbortController()
  let probes = 0
  tracker.onInstance(({ state }) => {
    states.push(state)
    if (state === 'ready') ready.resolve()
  })
  announceReady({ tracker, isReady: async () => ++probes === 3, clock, signal: ended.signal })
  tracker.onEngineEvent({ instance: 'web', action: 'die', exitCode: 137 })
  tracker.onEngineEvent({ instance: 'web', action: 'start' })
  await ready.promise
  ended.abort()
  expect(states).toEqual(['exited', 'starting', 'ready'])
})

test('a requested start reports itself', async () => {
  const tracker = createTracker(clock)
  const ended = new AbortController()
  let probes = 0
  announceReady({
    tracker,
    isReady: async () => ++probes > 0,
    clock,
    signal: ended.signal,
  })
  tracker.expect('web', 'start', 'user')
  tracker.onEngineEvent({ instance: 'web', action: 'start' })
  ended.abort()
  expect(probes).toBe(0)
})
