import { expect, test } from 'vitest'

import { createRandom } from '#chaos/lib/random.ts'

import { binsOf, binWidth, stepsOf, type Bin, type Finished } from './bins.ts'
import { roundMarks } from './round-marks.ts'

const fail = (ms: number): Finished => ({ ms, outcome: 'fail' })
const total = (bins: readonly Bin[], outcome: 'ok' | 'fail') =>
  bins.reduce(
    (sum, { fromMs, toMs, perSecond }) => sum + (perSecond[outcome] * (toMs - fromMs)) / 1_000,
    0,
  )

test('a short run has bins of 100 to 250 ms, a long one has few bins', () => {
  expect(binWidth(10_000, 2_000)).toBe(100)
  expect(binWidth(10_000, 100)).toBe(250)
  expect(binWidth(8_000, 0)).toBe(250)
  expect(binWidth(120_000, 100)).toBe(1_000)
  expect(3_600_000 / binWidth(3_600_000, 10)).toBeLessThanOrEqual(400)
})

test('bins begin at multiples of their width and at the edges of faults', () => {
  const faults = [{ fromMs: 410, toMs: 730 }]
  const bins = binsOf([], { fromMs: 0, toMs: 1_000, widthMs: 200, faults })
  expect(bins.map(({ fromMs }) => fromMs)).toEqual([0, 200, 410, 600, 730])
  expect(bins.at(-1)?.toMs).toBe(1_000)
})

test('a bin that an edge has made short keeps the rate', () => {
  const operations = Array.from({ length: 100 }, (_, i): Finished => ({
    ms: i * 10,
    outcome: 'ok',
  }))
  const faults = [{ fromMs: 330, toMs: null }]
  const bins = binsOf(operations, { fromMs: 0, toMs: 1_000, widthMs: 200, faults })
  for (const { perSecond } of bins) expect(perSecond.ok).toBeCloseTo(100, -1)
})

test('one failure in a very short bin is not a high rate', () => {
  const faults = [
    { fromMs: 500, toMs: 501 },
    { fromMs: 502, toMs: null },
  ]
  const bins = binsOf([fail(501)], { fromMs: 0, toMs: 1_000, widthMs: 100, faults })
  expect(Math.max(...bins.map(({ perSecond }) => perSecond.fail))).toBe(20)
})

test('the last moment belongs to the last bin, and what is outside belongs to none', () => {
  const axis = { fromMs: 0, toMs: 1_000, widthMs: 250, faults: [] }
  const bins = binsOf([fail(-1), fail(0), fail(1_000), fail(1_001)], axis)
  expect(total(bins, 'fail')).toBeCloseTo(2)
})

test.for(Array.from({ length: 300 }, (_, seed) => seed))(
  'a failure curve never rises before its fault begins (seed %i)',
  (seed) => {
    const random = createRandom(seed)
    const between = (from: number, to: number): number => from + random.next() * (to - from)
    const toMs = between(1_000, 60_000)
    const faults = Array.from({ length: 1 + Math.floor(between(0, 6)) }, () => {
      const fromMs = between(0, toMs)
      return { fromMs, toMs: random.next() < 0.2 ? null : between(fromMs, toMs) }
    })
    // Every failure has its cause: an active fault, or one that began at most two seconds before.
    const operations = faults.flatMap(({ fromMs }) =>
      Array.from({ length: 20 }, () => fail(Math.min(toMs, between(fromMs, fromMs + 2_000)))),
    )
    const widthMs = binWidth(toMs, operations.length)
    const bins = binsOf(operations, { fromMs: 0, toMs, widthMs, faults })
    const first = Math.min(...faults.map(({ fromMs }) => fromMs))
    const rises = stepsOf(bins, 'fail').filter(({ value }) => value > 0)
    for (const { fromMs } of rises) expect(fromMs).toBeGreaterThanOrEqual(first)
    expect(rises.length).toBeGreaterThan(0)
    // A bin with a failure begins at or after the start of every fault before that failure: no bin spans a start.
    for (const { fromMs } of faults)
      expect(bins.some((bin) => bin.fromMs < fromMs && bin.toMs > fromMs)).toBe(false)
    expect(bins[0]?.fromMs).toBe(0)
    expect(bins.at(-1)?.toMs).toBe(toMs)
    for (const [i, bin] of bins.entries()) expect(bin.fromMs).toBe(i === 0 ? 0 : bins[i - 1]?.toMs)
  },
)

test('an axis has round marks inside its range', () => {
  expect(roundMarks(0, 9_700, 7)).toEqual([0, 2_000, 4_000, 6_000, 8_000])
  expect(roundMarks(-300, 1_000, 7)).toEqual([-200, 0, 200, 400, 600, 800, 1_000])
  expect(roundMarks(0, 0.5, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5])
})
