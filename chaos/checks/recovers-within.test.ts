import { expect, test } from 'vitest'

import { recoversWithin } from './recovers-within.ts'
import { orderRow, paidOrder, testEvidence } from './testing/test-evidence.ts'

test('holds within the time, and says how long it took', () => {
  const evidence = testEvidence([paidOrder(1)], { recoveredAfterMs: 400 })
  expect(recoversWithin.judge(evidence, { withinMs: 2_000 })).toMatchObject({
    outcome: 'held',
    measured: 400,
    summary: 'At rest 400 ms after the heal.',
  })
})

test('later is violated', () => {
  const evidence = testEvidence([paidOrder(1)], { recoveredAfterMs: 2_500 })
  expect(recoversWithin.judge(evidence, { withinMs: 2_000 })).toMatchObject({
    outcome: 'violated',
    summary: 'It was at rest after 2.5 s; 2.0 s was allowed.',
  })
})

test('never is violated, and says what is not at rest', () => {
  const stuck = paidOrder(1, { rows: [orderRow(1, { status: 'placed' })], job: true })
  const evidence = testEvidence([stuck], { recoveredAfterMs: null })
  const result = recoversWithin.judge(evidence, { withinMs: 2_000 })
  expect(result.outcome).toBe('violated')
  expect(result.offenders[0]?.actual).toBe(
    'not at rest when the run stopped waiting: 1 order unfinished, 1 job in the queue',
  )
})
