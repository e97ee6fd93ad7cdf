import { expect, test } from 'vitest'

import { failedSubmission, orderRow, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { noStuckOrders } from './no-stuck-orders.ts'

test('holds when every order has a final status', () => {
  const parked = paidOrder(2, { rows: [orderRow(2, { status: 'parked' })] })
  expect(noStuckOrders.judge(testEvidence([paidOrder(1), parked]), {}).outcome).toBe('held')
})

test('an unfinished order is stuck, even if its client received no response', () => {
  const orphan = paidOrder(1, {
    operations: [failedSubmission(1, 'unknown')],
    rows: [orderRow(1, { status: 'placed' })],
  })
  const waiting = paidOrder(2, { rows: [orderRow(2, { status: 'charging' })], job: true })
  expect(noStuckOrders.judge(testEvidence([orphan, waiting, paidOrder(3)]), {})).toMatchObject({
    outcome: 'violated',
    summary: expect.stringMatching(/2 of 3 orders/),
    offenders: [
      { actual: expect.stringMatching(/`placed`.*no job/) },
      { actual: expect.stringMatching(/`charging`.*queue/) },
    ],
  })
})

test('is inconclusive without orders', () => {
  expect(noStuckOrders.judge(testEvidence([]), {}).outcome).toBe('inconclusive')
})
