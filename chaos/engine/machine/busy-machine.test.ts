import { expect, test } from 'vitest'

import type { CheckResult, MachineRecord } from '#chaos/contracts/verdict.ts'

import { mayBeMachine, whyBusy } from './busy-machine.ts'

const quiet: MachineRecord = { othersShare: 0.1, throttledShare: 0, lateMaxMs: 20 }
const busy: MachineRecord = { othersShare: 0.7, throttledShare: 0, lateMaxMs: 90 }

function result(name: string, measured: number, limit: number): CheckResult {
  const text = { title: name, summary: '' }
  return { name, ...text, outcome: 'violated', measured, limit, offenders: [], offendersTotal: 1 }
}

test('a machine with few other programs excuses nothing; a busy one says who used it, and what to do', () => {
  expect(whyBusy(quiet)).toBeUndefined()
  expect(whyBusy({ throttledShare: 0, lateMaxMs: 0 })).toBeUndefined()
  expect(whyBusy(busy)).toMatch(/other programs used 70 %.*Close them/)
  expect(whyBusy({ ...quiet, throttledShare: 0.4 })).toMatch(/limit .*40 %.*Raise/)
  expect(whyBusy({ ...quiet, lateMaxMs: 2_300 })).toMatch(/2\.3 s late/)
})

test('a busy machine explains a small deviation, not a large one', () => {
  expect(mayBeMachine(result('availability', 0.85, 0.99), busy)).toBe(true)
  expect(mayBeMachine(result('availability', 0.4, 0.99), busy)).toBe(false)
  expect(mayBeMachine(result('latency', 700, 250), busy)).toBe(true)
  expect(mayBeMachine(result('latency', 3_000, 250), busy)).toBe(false)
  expect(mayBeMachine(result('restarts-at-most', 2, 0), busy)).toBe(true)
  expect(mayBeMachine(result('restarts-at-most', 6, 0), busy)).toBe(false)
  expect(mayBeMachine(result('goodput', 1, 5), busy)).toBe(false)
  expect(mayBeMachine(result('goodput', 4.5, 5), busy)).toBe(true)
})

test('a machine that is a little too busy explains only a little', () => {
  const little = { ...busy, othersShare: 0.31 }
  expect(mayBeMachine(result('availability', 0.97, 0.99), little)).toBe(true)
  expect(mayBeMachine(result('availability', 0.85, 0.99), little)).toBe(false)
  expect(mayBeMachine(result('latency', 330, 250), little)).toBe(true)
  expect(mayBeMachine(result('latency', 450, 250), little)).toBe(false)
  // No process was without a processor for the second that a restart needs.
  expect(mayBeMachine(result('restarts-at-most', 1, 0), little)).toBe(false)
  expect(mayBeMachine(result('restarts-at-most', 1, 0), { ...little, lateMaxMs: 1_400 })).toBe(true)
})

test('a shop that got nearly nothing may fail at anything', () => {
  const starved = { ...busy, othersShare: 0.95 }
  expect(mayBeMachine(result('availability', 0.01, 0.99), starved)).toBe(true)
})

test('without a figure, a busy machine may be the cause', () => {
  const { measured: _, ...noFigure } = result('recovers-within', 0, 1)
  expect(mayBeMachine(noFigure, busy)).toBe(true)
})
