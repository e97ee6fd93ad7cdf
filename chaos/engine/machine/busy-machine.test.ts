import { expect, test } from 'vitest'

import type { MachineRecord } from '#chaos/contracts/verdict.ts'

import { mayBeMachine, whyBusy } from './busy-machine.ts'

const quiet: MachineRecord = { othersShare: 0.1, throttledShare: 0, lateMaxMs: 20 }
const busy: MachineRecord = { othersShare: 0.7, throttledShare: 0, lateMaxMs: 90 }

const result = (measured: number, limit: number) => ({ measured, limit })

test('a machine with few other programs excuses nothing; a busy one says who used it, and what to do', () => {
  expect(whyBusy(quiet)).toBeUndefined()
  expect(whyBusy({ throttledShare: 0, lateMaxMs: 0 })).toBeUndefined()
  expect(whyBusy(busy)).toMatch(/other programs used 70 %.*Close them/)
  expect(whyBusy({ ...quiet, throttledShare: 0.4 })).toMatch(/limit .*40 %.*Raise/)
  expect(whyBusy({ ...quiet, lateMaxMs: 2_300 })).toMatch(/2\.3 s late/)
})

test('a busy machine explains a small deviation, not a large one', () => {
  expect(mayBeMachine(result(0.85, 0.99), busy, 'share')).toBe(true)
  expect(mayBeMachine(result(0.4, 0.99), busy, 'share')).toBe(false)
  expect(mayBeMachine(result(700, 250), busy, undefined)).toBe(true)
  expect(mayBeMachine(result(3_000, 250), busy, undefined)).toBe(false)
  expect(mayBeMachine(result(2, 0), busy, 'events')).toBe(true)
  expect(mayBeMachine(result(6, 0), busy, 'events')).toBe(false)
  expect(mayBeMachine(result(1, 5), busy, 'rate')).toBe(false)
  expect(mayBeMachine(result(4.5, 5), busy, 'rate')).toBe(true)
})

test('a machine that is a little too busy explains only a little', () => {
  const little = { ...busy, othersShare: 0.31 }
  expect(mayBeMachine(result(0.97, 0.99), little, 'share')).toBe(true)
  expect(mayBeMachine(result(0.85, 0.99), little, 'share')).toBe(false)
  expect(mayBeMachine(result(330, 250), little, undefined)).toBe(true)
  expect(mayBeMachine(result(450, 250), little, undefined)).toBe(false)
  // No process was without a processor for the second that a restart needs.
  expect(mayBeMachine(result(1, 0), little, 'events')).toBe(false)
  expect(mayBeMachine(result(1, 0), { ...little, lateMaxMs: 1_400 }, 'events')).toBe(true)
})

test('a shop that got nearly nothing may fail at anything', () => {
  const starved = { ...busy, othersShare: 0.95 }
  expect(mayBeMachine(result(0.01, 0.99), starved, 'share')).toBe(true)
})

test('without a figure, a busy machine may be the cause', () => {
  expect(mayBeMachine({ limit: 1 }, busy, undefined)).toBe(true)
})
