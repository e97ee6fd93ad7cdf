import { expect, test } from 'vitest'

import type { OrderStatus } from '#chaos/contracts/truth.ts'

import { statusNeverGoesBack } from './status-never-goes-back.ts'
import { orderRow, paidOrder, testEvidence } from './testing/test-evidence.ts'

const judge = (trail: readonly OrderStatus[], status: OrderStatus) =>
  statusNeverGoesBack.judge(
    testEvidence([paidOrder(1, { trail, rows: [orderRow(1, { status })] })]),
    {},
  )

test('holds when every status is followed by a later one', () => {
  expect(judge(['placed', 'charging', 'paid'], 'paid').outcome).toBe('held')
  expect(judge(['placed', 'charging', 'parked', 'paid', 'refunded'], 'refunded').outcome).toBe(
    'held',
  )
})

test('the same status twice is no step back', () => {
  expect(judge(['placed', 'charging', 'charging', 'paid'], 'paid').outcome).toBe('held')
})

test('a finished order that is worked on again went back', () => {
  expect(judge(['placed', 'charging', 'paid', 'charging', 'paid'], 'paid')).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'o-7f-000001.ab12',
        expected: 'after `paid` only refunded',
        actual: 'went from `paid` (worker-1) back to `charging` (worker-1)',
      },
    ],
  })
})

test('a status that stands without having been recorded last is a contradiction', () => {
  expect(judge(['placed', 'charging', 'paid'], 'rejected').offenders[0]?.actual).toBe(
    'stands as `rejected`, though `paid` was recorded last',
  )
})

test('is inconclusive when nothing was recorded', () => {
  expect(judge([], 'placed').outcome).toBe('inconclusive')
})
