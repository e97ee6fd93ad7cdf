import { expect, test } from 'vitest'

import { ordersPaid } from './orders-paid.ts'
import {
  charge,
  orderOperation,
  orderRow,
  paidOrder,
  testEvidence,
} from './testing/test-evidence.ts'

test('holds when all are paid that payments did not decline', () => {
  const declined = paidOrder(2, {
    rows: [orderRow(2, { status: 'rejected' })],
    charges: [charge(2, { status: 'declined' })],
  })
  expect(ordersPaid.judge(testEvidence([paidOrder(1), declined]), { atLeast: 1 })).toMatchObject({
    outcome: 'held',
    summary: '1 of 1 acknowledged order are paid (100 %).',
  })
})

test('an order that the shop cancelled by itself is not paid', () => {
  const cancelled = paidOrder(1, { rows: [orderRow(1, { status: 'rejected' })], charges: [] })
  const parked = paidOrder(2, { rows: [orderRow(2, { status: 'parked' })], charges: [] })
  const evidence = testEvidence([cancelled, parked, paidOrder(3), paidOrder(4)])
  expect(ordersPaid.judge(evidence, { atLeast: 0.6 })).toMatchObject({
    outcome: 'violated',
    measured: 0.5,
    offenders: [
      { actual: '`rejected`, and payments never declined it' },
      { actual: '`parked`, and payments never declined it' },
    ],
  })
  expect(ordersPaid.judge(evidence, { atLeast: 0.5 }).outcome).toBe('held')
})

test('is inconclusive when no order was acknowledged', () => {
  expect(ordersPaid.judge(testEvidence([]), { atLeast: 1 }).outcome).toBe('inconclusive')
})

test('orders of one role may be judged alone, and a suspicious one is for a person to decide', () => {
  const role = (number: number, tags: readonly string[]) => ({
    operations: [orderOperation(number, { tags })],
    rows: [orderRow(number, { status: 'parked' })],
  })
  const orders = [paidOrder(1), paidOrder(2, role(2, ['huge']))]
  const judge = (atLeast: number) =>
    ordersPaid.judge(testEvidence([...orders, paidOrder(3, role(3, ['huge', 'suspicious']))]), {
      atLeast,
      role: 'huge',
    })
  expect(judge(1)).toMatchObject({
    outcome: 'violated',
    title: 'at least 100 % of the acknowledged huge orders are paid',
    offendersTotal: 1,
  })
})
