import { expect, test } from 'vitest'

import { brokenFor, figuresOf, inFlightOf, limitsFrom } from './customer-figures.ts'

const operation = (endMs: number, tookMs = 20, ok = true) => ({ endMs, tookMs, ok })
const many = (count: number, tookMs = 20, ok = true) =>
  Array.from({ length: count }, (_, i) => operation(i * 10 + 1, tookMs, ok))
const before = figuresOf(many(100), [0, 1_000], 2)
const limits = limitsFrom(before, { windowMs: 1_000, perSecond: 100 })

test('only operations that ended in the window count', () => {
  expect(figuresOf([operation(5), operation(15), operation(25)], [5, 20], 0).ended).toBe(1)
})

test('customers who are served as before break no limit', () => {
  expect(before).toEqual({ ended: 100, failed: 0, p95Ms: 20, inFlight: 2 })
  expect(brokenFor(before, limits)).toEqual([])
})

test.each([
  ['failures', figuresOf([...many(90), ...many(10, 20, false)], [0, 1_000], 2)],
  ['slow responses', figuresOf([...many(90), ...many(10, 2_000)], [0, 1_000], 2)],
  ['work that waits', figuresOf(many(100), [0, 1_000], 40)],
  ['a source that cannot be read', figuresOf(many(100), [0, 1_000], null)],
  ['customers without any answer', figuresOf(many(20), [0, 1_000], 2)],
])('%s break exactly one limit', (_what, figures) => {
  expect(brokenFor(figures, limits)).toHaveLength(1)
})

test('a slow machine has slower limits', () => {
  const slow = figuresOf(many(100, 900), [0, 1_000], 10)
  expect(limitsFrom(slow, { windowMs: 1_000, perSecond: 100 })).toMatchObject({
    p95Ms: 1_900,
    inFlight: 30,
  })
})

test('the work in flight is the sum of the counters that must be 0', () => {
  const description = {
    sources: [],
    counters: [],
    inFlight: [
      { counter: 'a', noun: 'a' },
      { counter: 'b', noun: 'b' },
    ],
  }
  expect(inFlightOf({ a: 2, b: 3, c: 100 }, description)).toBe(5)
})

test('a response that takes a second longer than before is never as fast as before', () => {
  for (const p95Ms of [10, 150, 400, 1_400, 5_000]) {
    const before = { ended: 80, failed: 0, p95Ms, inFlight: 3 }
    const limits = limitsFrom(before, { windowMs: 8_000, perSecond: 10 })
    expect(brokenFor(before, limits)).toEqual([])
    expect(brokenFor({ ...before, p95Ms: p95Ms + 1_001 }, limits)).toHaveLength(1)
  }
})
