import { expect, test } from 'vitest'

import { shopInChecks } from '#chaos/shop/operations.ts'
import { orderRow, paidOrder, testEvidence } from '#chaos/shop/testing/test-evidence.ts'

import { recoversWithin as recoversWithinIn } from './recovers-within.ts'

const recoversWithin = recoversWithinIn(shopInChecks)

test('holds within the limit, and says how long it took', () => {
  const evidence = testEvidence([paidOrder(1)], { recoveredAfterMs: 400 })
  expect(recoversWithin.judge(evidence, { withinMs: 2_000 })).toMatchObject({
    outcome: 'held',
    measured: 400,
    summary: expect.stringMatching(/400 ms.*2\.0 s/),
  })
})

test('a longer recovery is violated', () => {
  const evidence = testEvidence([paidOrder(1)], { recoveredAfterMs: 2_500 })
  expect(recoversWithin.judge(evidence, { withinMs: 2_000 })).toMatchObject({
    outcome: 'violated',
    summary: expect.stringMatching(/2\.5 s.*2\.0 s/),
  })
})

test('no recovery is violated, and says what is in flight', () => {
  const stuck = paidOrder(1, { rows: [orderRow(1, { status: 'placed' })], job: true })
  const evidence = testEvidence([stuck], { recoveredAfterMs: null })
  const result = recoversWithin.judge(evidence, { withinMs: 2_000 })
  expect(result.outcome).toBe('violated')
  expect(result.offenders[0]?.actual).toMatch(/1 unfinished order, 1 job/)
})
