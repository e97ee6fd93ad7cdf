import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'

import { describeActiveFault, faultLabel } from './describe-active-fault.ts'
import { describeEvent } from './describe-event.ts'

const stamp = { seq: 1, at: '2026-01-01T00:00:00.000Z', ms: 0 }
const fault = {
  id: 'latency-1',
  kind: 'latency',
  targets: ['api-1:postgres'],
  params: { latencyMs: 400, jitterMs: null },
  mechanism: 'toxic',
} as unknown as Extract<SandboxEvent, { type: 'fault' }>['fault']

test('a fault is described by its first parameters, with units, and its targets', () => {
  expect(describeActiveFault(fault)).toBe('latency 400 ms on api-1:postgres')
  expect(faultLabel(fault)).toBe('latency 400 ms')
  expect(
    describeActiveFault({ ...fault, kind: 'crash', params: {}, targets: ['a', 'b', 'c'] }),
  ).toBe('crash on 3 targets')
})

test('a parameter with another name than the fault is in parentheses', () => {
  const crash = { ...fault, kind: 'crash', params: { downFor: '600ms' } }
  expect(describeActiveFault(crash)).toBe('crash (down for 600ms) on api-1:postgres')
  const jitter = { ...fault, params: { latencyMs: 400, jitterMs: 50 }, targets: ['a', 'b', 'c'] }
  expect(describeActiveFault(jitter, { inFull: true })).toBe(
    'latency 400 ms (jitter 50 ms) on a, b, c',
  )
  expect(faultLabel({ kind: 'packet-loss', params: { probability: 0.2 } })).toBe(
    'packet-loss (probability 0.2)',
  )
})

test('an event of an instance has the state and who requested it', () => {
  const died = { type: 'instance', instance: 'worker-2', state: 'exited', signal: 'SIGKILL' }
  expect(described({ ...died, by: 'user' })).toEqual([
    expect.stringMatching(/^worker-2 .*killed by the user .*SIGKILL/),
    'bad',
  ])
  expect(described({ ...died, by: 'itself', signal: null, code: 1 })).toEqual([
    expect.stringMatching(/^worker-2 exits by itself .*exit code 1/),
    'bad',
  ])
  // A run restarts its instances with its code: that is neither a fault nor an alarm.
  expect(described({ ...died, by: 'scenario', state: 'absent', planned: true })).toEqual([
    'worker-2 is stopped for a planned restart (SIGKILL)',
    'plain',
  ])
  expect(described({ ...died, by: 'scenario', state: 'absent', signal: null, code: 0 })).toEqual([
    expect.stringMatching(/^worker-2 .*stopped by the scenario .*exit code 0/),
    'plain',
  ])
  const healed = { type: 'fault', what: 'healed', fault, reason: 'lease' }
  expect(described(healed)).toEqual([
    expect.stringMatching(/^healed: latency 400 ms on api-1:postgres.*lease/),
    'good',
  ])
})

test('operations, opened links and ended phases have no description', () => {
  expect(described({ type: 'link', link: 'api-1:redis', what: 'opened' })).toBeNull()
  expect(described({ type: 'phase', phase: 'heal', what: 'ended' })).toBeNull()
})

function described(happening: object): readonly [string, string] | null {
  const event = describeEvent({ ...stamp, ...happening } as SandboxEvent)
  return event === null ? null : [event.text, event.tone]
}
