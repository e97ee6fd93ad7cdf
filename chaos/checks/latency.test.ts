import { expect, test } from 'vitest'

import { latency } from './latency.ts'
import { readOperation, testEvidence } from './testing/test-evidence.ts'

const browse = (from: number, howMany: number, ms: number) =>
  Array.from({ length: howMany }, (_, i) => readOperation(from + i, 'browse', { ms }))
const evidence = (during: number, steady = 100) =>
  testEvidence([], {
    steadyOperations: browse(1, 20, steady),
    operations: [...browse(1, 20, steady), ...browse(100, 99, steady), ...browse(200, 2, during)],
  })
const params = { of: 'browse', p99AtMostTimesSteady: 5 } as const

test('holds up to so many times the steady state', () => {
  expect(latency.judge(evidence(500), params)).toMatchObject({
    outcome: 'held',
    measured: 500,
    limit: 500,
    title: 'p99 of browse at most 5 times the steady state',
  })
})

test('slower is violated, and names who waited', () => {
  expect(latency.judge(evidence(501), params)).toMatchObject({
    outcome: 'violated',
    offendersTotal: 2,
    offenders: [{ id: 'browse #200', actual: 'ok after 501 ms' }, {}],
  })
})

test('below the floor it is never too slow', () => {
  expect(latency.judge(evidence(240, 1), params).outcome).toBe('held')
  expect(latency.judge(evidence(240, 1), { ...params, floorMs: 100 }).outcome).toBe('violated')
})

test('another percentile looks at others', () => {
  const median = { of: 'browse', p50AtMostTimesSteady: 5 } as const
  expect(latency.judge(evidence(9_000), median).outcome).toBe('held')
})

test('wants exactly one limit', () => {
  expect(() => latency.judge(evidence(1), { of: 'browse' })).toThrow(/0 limits are given/)
})

test('is inconclusive without operations or without a yardstick', () => {
  expect(latency.judge(evidence(1), { ...params, of: 'quote' }).outcome).toBe('inconclusive')
  const noYardstick = testEvidence([], { operations: browse(100, 50, 5) })
  expect(latency.judge(noYardstick, params)).toMatchObject({
    outcome: 'inconclusive',
    summary: expect.stringMatching(/too few for a yardstick/),
  })
})
