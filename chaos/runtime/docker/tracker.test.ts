import { expect, it } from 'vitest'

import type { InstanceEvent } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { createTracker } from './tracker.ts'
import type { Tracker } from './tracker.ts'

const stillClock: Clock = {
  now: () => 0,
  wallTimeMs: () => 0,
  sleep: async (_, signal) =>
    await new Promise((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(new Error('aborted'))),
    ),
}

function tracked(): { tracker: Tracker; events: InstanceEvent[] } {
  const tracker = createTracker(stillClock)
  const events: InstanceEvent[] = []
  tracker.onInstance((event) => events.push(event))
  return { tracker, events }
}

it('distinguishes a requested death from one that was not requested', async () => {
  const { tracker, events } = tracked()
  const expected = tracker.expect('api-1', 'die', 'scenario')
  tracker.onEngineEvent({ instance: 'api-1', action: 'die', exitCode: 137 })
  await expected.happened()
  tracker.onEngineEvent({ instance: 'api-1', action: 'die', exitCode: 1 })
  expect(events).toEqual([
    {
      type: 'instance',
      instance: 'api-1',
      state: 'exited',
      by: 'scenario',
      code: null,
      signal: 'SIGKILL',
    },
    { type: 'instance', instance: 'api-1', state: 'exited', by: 'itself', code: 1, signal: null },
  ])
})

it('an instance that was stopped on purpose is absent', () => {
  const { tracker, events } = tracked()
  tracker.expect('api-1', 'die', 'user', 'stop')
  tracker.onEngineEvent({ instance: 'api-1', action: 'die', exitCode: 0 })
  expect(events[0]).toMatchObject({ state: 'absent', by: 'user', code: 0 })
  expect(tracker.of('api-1').stoppedOnPurpose).toBe(true)
})

it('a request that the engine refused is not the cause of the next death', () => {
  const { tracker, events } = tracked()
  tracker.expect('api-1', 'die', 'user').cancel()
  tracker.onEngineEvent({ instance: 'api-1', action: 'die', exitCode: 1 })
  expect(events[0]).toMatchObject({ by: 'itself' })
})

it('reports a kill by the kernel because of memory', () => {
  const { tracker, events } = tracked()
  tracker.onEngineEvent({ instance: 'worker-1', action: 'oom' })
  tracker.onEngineEvent({ instance: 'worker-1', action: 'die', exitCode: 137 })
  expect(events[0]).toMatchObject({ by: 'itself', detail: expect.stringMatching(/out of memory/) })
})

it('counts only the starts that the supervisor requested', () => {
  const { tracker } = tracked()
  tracker.expect('api-1', 'start', 'supervisor')
  tracker.onEngineEvent({ instance: 'api-1', action: 'start' })
  tracker.onEngineEvent({ instance: 'api-1', action: 'start' })
  expect(tracker.of('api-1').restarts).toBe(1)
})

it('reports that the lease ended a pause that no request ended', () => {
  const { tracker, events } = tracked()
  tracker.ready('api-1', 'user')
  tracker.onEngineEvent({ instance: 'api-1', action: 'unpause' })
  expect(events[1]).toMatchObject({
    state: 'ready',
    by: 'itself',
    detail: expect.stringMatching(/lease/),
  })
})

it('emits one event when a scenario ends an instance that had died by itself', () => {
  const { tracker, events } = tracked()
  tracker.onEngineEvent({ instance: 'worker-1', action: 'die', exitCode: 1 })
  tracker.keepDown('worker-1', 'scenario')
  tracker.keepDown('worker-1', 'scenario')
  expect(events).toMatchObject([
    { state: 'exited', by: 'itself' },
    { state: 'exited', by: 'scenario', detail: expect.stringMatching(/already ended/) },
  ])
})

it('a start without a request is that of the restart policy, and its end is owed', () => {
  const tracker = createTracker(stillClock, (name) => (name === 'web' ? 'always' : undefined))
  const events: InstanceEvent[] = []
  tracker.onInstance((event) => events.push(event))
  for (const instance of ['web', 'db']) tracker.onEngineEvent({ instance, action: 'start' })
  expect(events.map(({ by, detail = '' }) => [by, detail])).toEqual([
    ['itself', expect.stringContaining('always')],
    ['user', ''],
  ])
  expect(tracker.of('web')).toMatchObject({ restarts: 1, owesReady: true })
  tracker.ready('web', 'itself')
  expect(tracker.of('web').owesReady).toBe(false)
})
