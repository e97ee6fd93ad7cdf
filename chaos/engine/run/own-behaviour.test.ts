import { expect, test } from 'vitest'

import type { InstanceEvent } from '#chaos/contracts/runtime.ts'
import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { system } from '#chaos/system.ts'

import { createJournal } from '../journal.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { describeOwnBehaviour } from './own-behaviour.ts'

function journalOf(...events: readonly Omit<InstanceEvent, 'type'>[]) {
  const journal = createJournal(createManualClock())
  for (const event of events) journal.publish({ ...event, type: 'instance' })
  return journal.since(0)
}

const since = '2030-01-01T00:00:00.000Z'

test('ends without a request are counted by instance and exit; requested ones are not listed', async () => {
  const died = { instance: 'api-1', state: 'exited', by: 'itself', code: 3, signal: null } as const
  const events = journalOf(
    died,
    died,
    { ...died, instance: 'worker-1', code: null, signal: 'SIGSEGV' },
    { ...died, by: 'scenario' },
    { ...died, instance: 'api-2', by: 'supervisor', code: null, signal: 'SIGKILL' },
    { ...died, state: 'ready' },
  )
  expect(
    await describeOwnBehaviour({ system, runtime: createFakeRuntime() }, events, since),
  ).toEqual([
    'api-1 ended by itself (exit status 3), 2 times.',
    'worker-1 ended by itself (SIGSEGV).',
    'api-2 did not respond to its liveness probe, and the supervisor killed it.',
  ])
})

test('blocks of the event loop come from the log of the run', async () => {
  const runtime = createFakeRuntime()
  const lines = [
    ['2029-12-31T23:59:59.000Z', '{"blockedMs":9000,"msg":"event loop blocked"}'],
    ['2030-01-01T00:00:01.000Z', '{"blockedMs":1200,"msg":"event loop blocked"}'],
    ['2030-01-01T00:00:02.000Z', '{"blockedMs":2500,"msg":"event loop blocked"}'],
    ['2030-01-01T00:00:03.000Z', 'event loop blocked'],
    ['2030-01-01T00:00:03.000Z', '{"blockedMs":"99999","msg":"event loop blocked"}'],
  ] as const
  runtime.logs = async function* (instance) {
    if (instance === 'api-2') for (const [at, text] of lines) yield { instance, at, text }
  }
  expect(await describeOwnBehaviour({ system, runtime }, [], since)).toEqual([
    'The event loop of api-2 was blocked, 2 times, the longest for 2.5s.',
  ])
})

test('a service that runs and does not respond is named', async () => {
  const runtime = createFakeRuntime()
  runtime.states.set('worker-1', 'unready')
  runtime.states.set('worker-2', 'paused')
  expect(await describeOwnBehaviour({ system, runtime }, [], since)).toEqual([
    expect.stringMatching(/^worker-1 runs and does not respond within 1s/),
  ])
})
