import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { warmUpTag } from '#chaos/contracts/history.ts'
import { at, readOperation, testEvidence } from '#chaos/shop/testing/test-evidence.ts'

import { operationsIn } from './window.ts'

/** The clock of the journal at 0 of the run. */
const zeroMs = 50_000

function fault(id: string, what: 'injected' | 'healed', ms: number): SandboxEvent {
  const active = { id } as ActiveFault
  return { seq: ms, at: at(ms), ms: zeroMs + ms, type: 'fault', what, fault: active }
}

const journal = [
  fault('a', 'injected', 1_000),
  fault('a', 'healed', 2_000),
  fault('b', 'injected', 4_000),
  fault('b', 'healed', 5_000),
]
const operations = [500, 1_500, 2_900, 3_100, 3_900, 4_500, 5_900, 6_100].map((startMs, i) =>
  readOperation(i + 1, 'quote', { startMs }),
)

test('during: calm counts operations after a fault, one second after the last active fault', () => {
  const evidence = testEvidence([], { operations, journal, zeroMs, durationMs: 7_000 })
  const calm = operationsIn(evidence, 'quote', 'calm').map(({ startMs }) => startMs)
  expect(calm).toEqual([3_100, 3_900, 6_100])
})

test('a fault that is never healed has no calm window after it', () => {
  const evidence = testEvidence([], {
    operations,
    journal: journal.slice(0, 3),
    zeroMs,
    durationMs: 7_000,
  })
  const calm = operationsIn(evidence, 'quote', 'calm').map(({ startMs }) => startMs)
  expect(calm).toEqual([3_100, 3_900])
})

test('during: faults counts operations from the first fault to the heal', () => {
  const evidence = testEvidence([], { operations, faultsFromMs: 1_000, faultsToMs: 5_000 })
  expect(operationsIn(evidence, 'quote', 'faults')).toHaveLength(5)
})

test('an operation of the warm-up is in no window', () => {
  const warm = { ...readOperation(1, 'browse'), tags: [warmUpTag] }
  const steady = readOperation(2, 'browse')
  const all = testEvidence([], { operations: [warm, steady], steadyOperations: [warm, steady] })
  expect(operationsIn(all, 'browse', 'steady')).toEqual([steady])
  expect(operationsIn(all, 'browse', 'run')).toEqual([])
})
