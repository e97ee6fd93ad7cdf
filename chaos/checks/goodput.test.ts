import { expect, test } from 'vitest'

import { goodput } from './goodput.ts'
import { at, readOperation, testEvidence } from './testing/test-evidence.ts'

/** One browse every 10 ms for 4 s; of ten, three are refused and two are late. */
const operations = Array.from({ length: 401 }, (_, i) =>
  readOperation(i, 'browse', {
    outcome: i % 10 < 3 ? 'fail' : 'ok',
    ms: i % 10 < 5 ? 800 : 20,
  }),
)
const evidence = testEvidence([], { operations })
const params = { of: 'browse', withinMs: 500 } as const

test('counts answers with a yes in time, per second', () => {
  expect(goodput.judge(evidence, { ...params, atLeastPerSecond: 49 })).toMatchObject({
    outcome: 'held',
    measured: 50,
    summary: '50.0 of 100.3 browse per second were answered with a yes within 500 ms.',
  })
})

test('falls below a share of the capacity', () => {
  const result = goodput.judge(evidence, { ...params, capacityPerSecond: 80, atLeastShare: 0.8 })
  expect(result).toMatchObject({ outcome: 'violated', limit: 64 })
  expect(result.offenders[0]).toMatchObject({
    id: 'browse #0',
    actual: expect.stringMatching(/^timeout after/),
  })
})

test('is inconclusive when less was asked for than the floor', () => {
  expect(goodput.judge(evidence, { ...params, atLeastPerSecond: 500 }).outcome).toBe('inconclusive')
  expect(goodput.judge(testEvidence([]), { ...params, atLeastPerSecond: 1 }).outcome).toBe(
    'inconclusive',
  )
})

test('what came just before the heal does not count during the faults: a healed shop answered it', () => {
  const late = Array.from({ length: 301 }, (_, i) =>
    readOperation(i, 'browse', { outcome: i * 10 < 2_500 ? 'fail' : 'ok', startMs: i * 10 }),
  )
  const result = goodput.judge(testEvidence([], { operations: late }), {
    ...params,
    atLeastPerSecond: 5,
    during: 'faults',
  })
  expect(result).toMatchObject({ outcome: 'violated', measured: 1 / 1.5 })
})

test('the heal counts from its begin, and not from when the last answer was in', () => {
  const late = Array.from({ length: 301 }, (_, i) =>
    readOperation(i, 'browse', { outcome: i * 10 < 1_500 ? 'fail' : 'ok', startMs: i * 10 }),
  )
  const heal = {
    seq: 1,
    at: at(2_000),
    ms: 2_000,
    type: 'phase',
    phase: 'heal',
    what: 'began',
  } as const
  const result = goodput.judge(testEvidence([], { operations: late, journal: [heal] }), {
    ...params,
    atLeastPerSecond: 5,
    during: 'faults',
  })
  expect(result).toMatchObject({ outcome: 'violated', measured: 1 / 0.5 })
})

test('wants a floor', () => {
  expect(() => goodput.judge(evidence, params)).toThrow(/no floor/)
})
