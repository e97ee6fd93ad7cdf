import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { InstanceEvent } from '#chaos/contracts/runtime.ts'
import { at, testEvidence } from '#chaos/shop/testing/test-evidence.ts'

import { restartsAtMost } from './restarts-at-most.ts'

const event = (
  instance: string,
  by: InstanceEvent['by'],
  state: InstanceEvent['state'],
): SandboxEvent => ({
  seq: 1,
  at: at(1),
  ms: 1,
  type: 'instance',
  instance,
  by,
  state,
})
const journal = [
  event('worker-1', 'itself', 'exited'),
  event('worker-1', 'supervisor', 'starting'),
  event('worker-1', 'supervisor', 'ready'),
  event('worker-1', 'supervisor', 'starting'),
  event('api-1', 'scenario', 'exited'),
  event('api-1', 'scenario', 'starting'),
]
const judge = (params: { atMost: number; instance?: string }) =>
  restartsAtMost.judge(testEvidence([], { journal }), params)

test('counts restarts by the supervisor, not by the scenario', () => {
  expect(judge({ atMost: 2 })).toMatchObject({ outcome: 'held', measured: 2 })
  expect(judge({ atMost: 1 })).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'worker-1', actual: expect.stringMatching(/2 times/) }],
  })
})

test('counts only the instances of the pattern', () => {
  expect(judge({ atMost: 0, instance: 'api-*' }).outcome).toBe('held')
})

test('is inconclusive with an empty journal', () => {
  expect(restartsAtMost.judge(testEvidence([]), { atMost: 0 }).outcome).toBe('inconclusive')
})
