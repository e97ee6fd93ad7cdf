import { expect, test } from 'vitest'

import { shopInChecks } from '#chaos/shop/operations.ts'
import { readOperation, testEvidence } from '#chaos/shop/testing/test-evidence.ts'

import { latency as latencyIn } from './latency.ts'

const latency = latencyIn(shopInChecks)

const browse = (from: number, howMany: number, ms: number) =>
  Array.from({ length: howMany }, (_, i) => readOperation(from + i, 'browse', { ms }))
const evidence = (during: number, steady = 100) =>
  testEvidence([], {
    steadyOperations: browse(1, 20, steady),
    operations: [...browse(1, 20, steady), ...browse(100, 99, steady), ...browse(200, 2, during)],
  })
const params = { of: 'browse', p99AtMostTimesSteady: 5 } as const

test('holds up to the multiple of the steady state', () => {
  expect(latency.judge(evidence(500), params)).toMatchObject({
    outcome: 'held',
    measured: 500,
    limit: 500,
    summary: expect.stringMatching(/p99 of browse 500 ms over 101 requests.*100 ms.*500 ms/),
  })
})

test('a higher latency is violated; the slow operations are the offenders', () => {
  expect(latency.judge(evidence(501), params)).toMatchObject({
    outcome: 'violated',
    offendersTotal: 2,
    offenders: [{ id: 'browse #200', actual: expect.stringMatching(/501 ms/) }, {}],
  })
})

test('a latency below the floor is never too high', () => {
  expect(latency.judge(evidence(240, 1), params).outcome).toBe('held')
  expect(latency.judge(evidence(240, 1), { ...params, floorMs: 100 }).outcome).toBe('violated')
})

test('another percentile selects other operations', () => {
  const median = { of: 'browse', p50AtMostTimesSteady: 5 } as const
  expect(latency.judge(evidence(9_000), median).outcome).toBe('held')
})

test('requires exactly one limit', () => {
  expect(() => latency.judge(evidence(1), { of: 'browse' })).toThrow(/0 limits/)
})

test('is inconclusive without operations or without a baseline', () => {
  expect(latency.judge(evidence(1), { ...params, of: 'quote' }).outcome).toBe('inconclusive')
  const noBaseline = testEvidence([], { operations: browse(100, 50, 5) })
  expect(latency.judge(noBaseline, params)).toMatchObject({
    outcome: 'inconclusive',
    summary: expect.stringMatching(/0 browse requests.*5/),
  })
})
