import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { InstanceEvent } from '#chaos/contracts/runtime.ts'
import { at, testEvidence } from '#chaos/shop/testing/test-evidence.ts'

import { leavesInTime } from './leaves-in-time.ts'

const event = (over: Partial<InstanceEvent>): SandboxEvent => ({
  seq: 1,
  at: at(1),
  ms: 1,
  type: 'instance',
  instance: 'api-1',
  by: 'scenario',
  state: 'absent',
  code: 0,
  signal: null,
  ...over,
})
const killed = { code: null, signal: 'SIGKILL' }
const judge = (...journal: readonly SandboxEvent[]) =>
  leavesInTime.judge(testEvidence([], { journal }), {})

test('holds when every stopped instance exits by itself', () => {
  // A crash by the scenario is not a stop.
  const crash = event({ instance: 'worker-1', state: 'exited', ...killed })
  expect(judge(event({}), event({ instance: 'api-2' }), crash)).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/2 of 2 stops/),
  })
})

test('an instance that needs a SIGKILL is an offender', () => {
  expect(judge(event({}), event({ instance: 'api-2', ...killed }))).toMatchObject({
    outcome: 'violated',
    summary: expect.stringMatching(/1 of 2 stops.*SIGKILL/),
    offenders: [{ id: 'api-2' }],
  })
})

test('is inconclusive without a stop', () => {
  expect(judge(event({ state: 'ready' })).outcome).toBe('inconclusive')
})
