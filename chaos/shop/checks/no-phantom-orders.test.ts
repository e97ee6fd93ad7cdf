import { expect, test } from 'vitest'

import {
  charge,
  failedSubmission,
  orderOperation,
  orderRow,
  paidOrder,
  testEvidence,
} from '../testing/test-evidence.ts'
import { noPhantomOrders } from './no-phantom-orders.ts'

const nothing = { rows: [], trail: [], charges: [], chargeRequests: [], ledger: [] } as const

test('holds when refused orders have no effect and every charge belongs to an order', () => {
  const refused = paidOrder(2, { ...nothing, operations: [failedSubmission(2, 'fail')] })
  const soldOut = paidOrder(3, {
    ...nothing,
    operations: [failedSubmission(3, 'fail')],
    rows: [orderRow(3, { status: 'sold-out' })],
  })
  const result = noPhantomOrders.judge(testEvidence([paidOrder(1), refused, soldOut]), {})
  expect(result).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/2 refused orders/),
  })
})

test('a refused order that is executed is a phantom', () => {
  const done = paidOrder(2, { operations: [failedSubmission(2, 'fail')] })
  expect(noPhantomOrders.judge(testEvidence([done]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'o-7f-000002.ab12',
        actual: expect.stringMatching(/overloaded.*`paid`.*9\.00/),
      },
    ],
  })
})

test('a refunded charge of a refused order does not count', () => {
  const returned = paidOrder(2, {
    ...nothing,
    operations: [failedSubmission(2, 'fail')],
    charges: [charge(2, { refundedCents: 900 })],
  })
  expect(noPhantomOrders.judge(testEvidence([returned]), {}).outcome).toBe('held')
})

test('an order with an unknown result may exist, and so may a key with a refused duplicate', () => {
  const unknown = paidOrder(1, { operations: [failedSubmission(1, 'unknown')] })
  const duplicate = paidOrder(2, {
    operations: [orderOperation(2), { ...failedSubmission(2, 'fail'), id: 9 }],
  })
  expect(noPhantomOrders.judge(testEvidence([unknown, duplicate]), {}).outcome).toBe('held')
})

test('a charge without an order at the client and in Postgres is a phantom', () => {
  const evidence = testEvidence([paidOrder(1)], {
    truth: { charges: [charge(1), charge(8)] },
  })
  expect(noPhantomOrders.judge(evidence, {})).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'o-7f-000008.ab12',
        actual: expect.stringMatching(/9\.00/),
      },
    ],
  })
})

test('an order of another client is not a phantom', () => {
  const other = paidOrder(4, { operations: [] })
  expect(noPhantomOrders.judge(testEvidence([paidOrder(1), other]), {}).outcome).toBe('held')
})

test('is inconclusive without orders', () => {
  expect(noPhantomOrders.judge(testEvidence([]), {}).outcome).toBe('inconclusive')
})
