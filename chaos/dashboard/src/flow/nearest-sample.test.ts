import { expect, test } from 'vitest'

import type { OperationSample } from '../data/page-state.ts'
import { nearestSample } from './nearest-sample.ts'

const sample = (id: number, ms: number, tookMs: number): OperationSample => ({
  ms,
  operation: {
    id,
    kind: 'browse',
    outcome: 'ok',
    startMs: 0,
    endMs: tookMs,
    attempts: [],
    tags: [],
  },
})
const samples = [sample(1, 1_000, 10), sample(2, 1_050, 10), sample(3, 1_000, 1_000)]
const pick = (ms: number, tookMs: number) =>
  nearestSample(samples, { ms, tookMs, rangeMs: 10_000 })?.operation.id

test('the nearest mark is picked, by time and by latency', () => {
  expect([pick(1_010, 10), pick(1_045, 11), pick(1_000, 900)]).toEqual([1, 2, 3])
})

test('a place without a mark picks none', () => {
  expect(pick(5_000, 10)).toBeUndefined()
  expect(pick(1_000, 100)).toBeUndefined()
})

test('a latency beyond the axis is at its edge', () => {
  expect(
    nearestSample([sample(4, 0, 0.2)], { ms: 0, tookMs: 1, rangeMs: 1_000 })?.operation.id,
  ).toBe(4)
})
