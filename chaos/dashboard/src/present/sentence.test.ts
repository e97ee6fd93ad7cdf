import { expect, test } from 'vitest'

import { sentenceOf } from './sentence.ts'
import type { Stage, StageSample } from './stage.ts'

const operations = [
  { kind: 'order', nouns: 'orders' },
  { kind: 'browse', nouns: 'browse requests' },
  { kind: 'quote', nouns: 'quote requests' },
]

const stageOf = (samples: readonly Partial<StageSample>[], rest: Partial<Stage> = {}): Stage => ({
  ms: 100_000,
  connection: 'live',
  isSending: true,
  links: new Map(),
  boxes: new Map(),
  bytesPerSecond: new Map(),
  bands: [],
  samples: samples.map((one) => ({ ms: 99_000, kind: 'order', outcome: 'ok', tookMs: 5, ...one })),
  ...rest,
})

const many = (count: number, sample: Partial<StageSample>): Partial<StageSample>[] =>
  Array.from({ length: count }, () => sample)

const at = (samples: readonly Partial<StageSample>[], rest?: Partial<Stage>) =>
  sentenceOf(stageOf(samples, rest), operations)

test('nothing is claimed without data', () => {
  expect(at(many(9, {}), { connection: 'waiting' }).tone).toBe('unsure')
  expect(at(many(9, {}), { connection: 'lost' }).text).toContain('unknown')
  expect(at([], { isSending: false }).tone).toBe('unsure')
  // Requests that have not ended are neither a success nor a failure.
  expect(at([]).tone).toBe('unsure')
})

test('only the last seconds count', () => {
  expect(at([...many(20, { ms: 94_000, outcome: 'fail' }), ...many(3, {})])).toEqual({
    text: 'All 3 requests succeeded in the last 5 seconds.',
    tone: 'good',
  })
})

test('slow responses are named when they are many', () => {
  expect(at([...many(30, {}), ...many(2, { tookMs: 2_000 })]).tone).toBe('good')
  const slow = at([...many(10, {}), ...many(5, { tookMs: 2_000 })])
  expect(slow.tone).toBe('slow')
  expect(slow.text).toContain('5 of them after more than a second')
})

test('the operations that fail are named, and the others are not blamed', () => {
  const { text, tone } = at([
    ...many(10, { outcome: 'fail' }),
    ...many(2, {}),
    ...many(8, { kind: 'browse' }),
  ])
  expect(tone).toBe('bad')
  expect(text).toMatch(/^10 of 12 orders failed; all other requests succeeded/)
})

test('an unknown result is not called a failure', () => {
  expect(at([...many(4, { outcome: 'unknown' }), ...many(4, {})]).text).toMatch(
    /^4 of 8 orders received no success response/,
  )
})

test('without any success, the tone is that of an outage', () => {
  expect(at([...many(30, { outcome: 'fail' }), ...many(10, { outcome: 'unknown' })])).toEqual({
    text: 'No request succeeded in the last 5 seconds: 30 failed, 10 have an unknown result.',
    tone: 'out',
  })
})

test('of many broken operations, the sentence has the sum', () => {
  const bad = operations.flatMap(({ kind }) => [{ kind, outcome: 'fail' as const }, { kind }])
  expect(at(bad).text).toMatch(/^3 of 6 requests failed/)
})
