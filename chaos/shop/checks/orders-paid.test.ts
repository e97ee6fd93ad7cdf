import { expect, test } from 'vitest'

import {
  charge,
  orderOperation,
  orderRow,
  paidOrder,
  testEvidence,
} from '../testing/test-evidence.ts'
import { ordersPaid } from './orders-paid.ts'

test('holds when every order is paid except declined ones', () => {
  const declined = paidOrder(2, {
    rows: [orderRow(2, { status: 'rejected' })],
    charges: [charge(2, { status: 'declined' })],
  })
  expect(ordersPaid.judge(testEvidence([paidOrder(1), declined]), { atLeast: 1 })).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/1 of 1 .*100 %/),
  })
})

test('an order that the shop cancels or parks is not paid', () => {
  const cancelled = paidOrder(1, { rows: [orderRow(1, { status: 'rejected' })], charges: [] })
  const parked = paidOrder(2, { rows: [orderRow(2, { status: 'parked' })], charges: [] })
  const evidence = testEvidence([cancelled, parked, paidOrder(3), paidOrder(4)])
  expect(ordersPaid.judge(evidence, { atLeast: 0.6 })).toMatchObject({
    outcome: 'violated',
    measured: 0.5,
    offenders: [
      { actual: expect.stringMatching(/`rejected`/) },
      { actual: expect.stringMatching(/`parked`/) },
    ],
  })
  expect(ordersPaid.judge(evidence, { atLeast: 0.5 }).outcome).toBe('held')
})

test('is inconclusive without an acknowledged order', () => {
  expect(ordersPaid.judge(testEvidence([]), { atLeast: 1 }).outcome).toBe('inconclusive')
})

test('a role selects orders, and suspicious orders do not count', () => {
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
    title: expect.stringMatching(/100 % .*huge orders/),
    offendersTotal: 1,
  })
})

test('orders with an unknown version can be left out', () => {
  const unknown = paidOrder(1, {
    rows: [orderRow(1, { status: 'parked' })],
    outbox: [{ id: 1, orderId: orderRow(1).id, publishedAt: null, payload: { version: 3 } }],
  })
  const evidence = testEvidence([unknown, paidOrder(2)])
  expect(ordersPaid.judge(evidence, { atLeast: 1 }).outcome).toBe('violated')
  expect(ordersPaid.judge(evidence, { atLeast: 1, exceptVersion: 3 })).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/^1 of 1/),
  })
})
