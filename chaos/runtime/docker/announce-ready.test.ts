import { expect, test } from 'vitest'

import type { InstanceEvent } from '#chaos/contracts/runtime.ts'

import { announceReady } from './announce-ready.ts'
import { createTracker } from './tracker.ts'

/** Each sleep ends at the next turn of the event loop. */
const quickClock = {
  now: () => 0,
  wallTimeMs: () => 0,
  sleep: async (_ms: number, signal?: AbortSignal) => {
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
  },
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

function announced(readyAfterProbes: number) {
  const tracker = createTracker(quickClock)
  const events: InstanceEvent[] = []
  tracker.onInstance((event) => events.push(event))
  const ended = new AbortController()
  let probes = 0
  const isReady = async (): Promise<boolean> => (probes += 1) > readyAfterProbes
  announceReady({ tracker, isReady, clock: quickClock, signal: ended.signal })
  const states = (): readonly string[] => events.map(({ state, by }) => `${state} by ${by}`)
  return { tracker, states, ended, probes: () => probes }
}

test('a container that its restart policy starts is announced when it is ready', async () => {
  const { tracker, states } = announced(3)
  tracker.expect('web', 'die', 'scenario')
  tracker.onEngineEvent({ instance: 'web', action: 'die', exitCode: 137 })
  tracker.onEngineEvent({ instance: 'web', action: 'start' })
  await turns(10)
  expect(states()).toEqual(['exited by scenario', 'starting by user', 'ready by itself'])
})

test('a start that was requested is announced by its request alone', async () => {
  const { tracker, states, probes } = announced(0)
  tracker.expect('web', 'start', 'scenario')
  tracker.onEngineEvent({ instance: 'web', action: 'start' })
  await turns(5)
  expect(states()).toEqual(['starting by scenario'])
  expect(probes()).toBe(0)
})

test('a container that ends again before it is ready is not announced, and the signal ends every wait', async () => {
  const { tracker, states, ended, probes } = announced(Infinity)
  tracker.onEngineEvent({ instance: 'web', action: 'start' })
  tracker.onEngineEvent({ instance: 'web', action: 'die', exitCode: 1 })
  tracker.onEngineEvent({ instance: 'web', action: 'start' })
  await turns(5)
  ended.abort()
  await turns(5)
  const before = probes()
  await turns(5)
  expect(probes()).toBe(before)
  expect(states()).not.toContain('ready by itself')
})
