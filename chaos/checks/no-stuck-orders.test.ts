import { expect, test } from 'vitest'

import { noStuckOrders } from './no-stuck-orders.ts'
import { failedSubmission, orderRow, paidOrder, testEvidence } from './testing/test-evidence.ts'

test('holds when every order came to an end, whatever end', () => {
  const parked = paidOrder(2, { rows: [orderRow(2, { status: 'parked' })] })
  expect(noStuckOrders.judge(testEvidence([paidOrder(1), parked]), {}).outcome).toBe('held')
})

test('an order that still moves is stuck, also when its client never got an answer', () => {
  const orphan = paidOrder(1, {
    operations: [failedSubmission(1, 'unknown')],
    rows: [orderRow(1, { status: 'placed' })],
  })
  const waiting = paidOrder(2, { rows: [orderRow(2, { status: 'charging' })], job: true })
  expect(noStuckOrders.judge(testEvidence([orphan, waiting, paidOrder(3)]), {})).toMatchObject({
    outcome: 'violated',
    summary: '2 of 3 orders did not come to an end.',
    offenders: [
      { actual: 'still `placed`, and no job and no outbox row is left' },
      { actual: 'still `charging`, and its job waits in the queue' },
    ],
  })
})

test('is inconclusive without orders', () => {
  expect(noStuckOrders.judge(testEvidence([]), {}).outcome).toBe('inconclusive')
})
