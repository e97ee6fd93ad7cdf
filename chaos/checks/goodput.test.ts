import { expect, test } from 'vitest'

import { shopInChecks } from '#chaos/shop/operations.ts'
import { at, readOperation, testEvidence } from '#chaos/shop/testing/test-evidence.ts'

import { goodput as goodputIn } from './goodput.ts'

const goodput = goodputIn(shopInChecks)

/** One browse every 10 ms for 4 s. Of ten, three fail and two are late. */
const operations = Array.from({ length: 401 }, (_, i) =>
  readOperation(i, 'browse', {
    outcome: i % 10 < 3 ? 'fail' : 'ok',
    ms: i % 10 < 5 ? 800 : 20,
  }),
)
const evidence = testEvidence([], { operations })
const params = { of: 'browse', withinMs: 500 } as const

test('counts operations per second that succeed in time', () => {
  expect(goodput.judge(evidence, { ...params, atLeastPerSecond: 49 })).toMatchObject({
    outcome: 'held',
    measured: 50,
    summary: expect.stringMatching(/50\.0 of 100\.3 browse requests per second.*500 ms.*49\.0/),
  })
})

test('a floor can be a share of the capacity', () => {
  const result = goodput.judge(evidence, { ...params, capacityPerSecond: 80, atLeastShare: 0.8 })
  expect(result).toMatchObject({ outcome: 'violated', limit: 64 })
  expect(result.offenders[0]).toMatchObject({
    id: 'browse #0',
    actual: expect.stringMatching(/^timeout after/),
  })
})

test('is inconclusive when the load is below the floor', () => {
  expect(goodput.judge(evidence, { ...params, atLeastPerSecond: 500 }).outcome).toBe('inconclusive')
  expect(goodput.judge(testEvidence([]), { ...params, atLeastPerSecond: 1 }).outcome).toBe(
    'inconclusive',
  )
})

test('operations just before the heal do not count during the faults', () => {
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

test('the faults end when the heal phase begins', () => {
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

test('requires a floor', () => {
  expect(() => goodput.judge(evidence, params)).toThrow(/no floor/)
})
