import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'

import { describeEvent } from './describe-event.ts'
import { describeFault, faultLabel } from './describe-fault.ts'

const stamp = { seq: 1, at: '2026-01-01T00:00:00.000Z', ms: 0 }
const fault = {
  id: 'latency-1',
  kind: 'latency',
  targets: ['api-1:postgres'],
  params: { latencyMs: 400, jitterMs: null },
  mechanism: 'toxic',
} as unknown as Extract<SandboxEvent, { type: 'fault' }>['fault']

test('a fault is told with its first figures and their units', () => {
  expect(describeFault(fault)).toBe('latency 400 ms on api-1:postgres')
  expect(faultLabel(fault)).toBe('latency 400 ms')
  expect(describeFault({ ...fault, kind: 'crash', params: {}, targets: ['a', 'b', 'c'] })).toBe(
    'crash on 3 targets',
  )
})

test('an event says what happened, and who wanted it', () => {
  const died = { type: 'instance', instance: 'worker-2', state: 'exited', signal: 'SIGKILL' }
  expect(wordsOf({ ...died, by: 'user' })).toEqual(['worker-2 is dead, by hand, SIGKILL', 'bad'])
  expect(wordsOf({ ...died, by: 'itself', signal: null })).toEqual(['worker-2 is dead', 'bad'])
  const healed = { type: 'fault', what: 'healed', fault, reason: 'lease' }
  expect(wordsOf(healed)).toEqual([
    'healed: latency 400 ms on api-1:postgres, its lease is over',
    'good',
  ])
})

test('what nobody needs to read has no words', () => {
  expect(wordsOf({ type: 'link', link: 'api-1:redis', what: 'opened' })).toBeNull()
  expect(wordsOf({ type: 'phase', phase: 'heal', what: 'ended' })).toBeNull()
})

function wordsOf(happening: object): readonly [string, string] | null {
  const words = describeEvent({ ...stamp, ...happening } as SandboxEvent)
  return words === null ? null : [words.text, words.tone]
}
