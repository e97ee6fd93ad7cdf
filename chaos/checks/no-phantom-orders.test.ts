import { expect, test } from 'vitest'

import { noPhantomOrders } from './no-phantom-orders.ts'
import {
  charge,
  failedSubmission,
  orderOperation,
  orderRow,
  paidOrder,
  testEvidence,
} from './testing/test-evidence.ts'

const nothing = { rows: [], trail: [], charges: [], chargeRequests: [], ledger: [] } as const

test('holds when what was refused left nothing and all else was asked for', () => {
  const refused = paidOrder(2, { ...nothing, operations: [failedSubmission(2, 'fail')] })
  const soldOut = paidOrder(3, {
    ...nothing,
    operations: [failedSubmission(3, 'fail')],
    rows: [orderRow(3, { status: 'sold-out' })],
  })
  const result = noPhantomOrders.judge(testEvidence([paidOrder(1), refused, soldOut]), {})
  expect(result).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/^2 refused orders left nothing/),
  })
})

test('a refused order that was done all the same is a phantom', () => {
  const done = paidOrder(2, { operations: [failedSubmission(2, 'fail')] })
  expect(noPhantomOrders.judge(testEvidence([done]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'o-7f-000002.ab12',
        actual:
          'refused to the client (overloaded), and yet `paid` in Postgres, and yet charged 9.00',
      },
    ],
  })
})

test('a refused charge that was given back leaves nothing', () => {
  const returned = paidOrder(2, {
    ...nothing,
    operations: [failedSubmission(2, 'fail')],
    charges: [charge(2, { refundedCents: 900 })],
  })
  expect(noPhantomOrders.judge(testEvidence([returned]), {}).outcome).toBe('held')
})

test('an unknown result may have happened, and one yes to a key covers its refused duplicate', () => {
  const unknown = paidOrder(1, { operations: [failedSubmission(1, 'unknown')] })
  const duplicate = paidOrder(2, {
    operations: [orderOperation(2), { ...failedSubmission(2, 'fail'), id: 9 }],
  })
  expect(noPhantomOrders.judge(testEvidence([unknown, duplicate]), {}).outcome).toBe('held')
})

test('a charge that neither the client nor Postgres knows comes from nowhere', () => {
  const evidence = testEvidence([paidOrder(1)], {
    truth: { charges: [charge(1), charge(8)] },
  })
  expect(noPhantomOrders.judge(evidence, {})).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'o-7f-000008.ab12',
        actual: expect.stringMatching(/neither the client nor Postgres knows/),
      },
    ],
  })
})

test('an order that somebody placed by hand is no phantom', () => {
  const byHand = paidOrder(4, { operations: [] })
  expect(noPhantomOrders.judge(testEvidence([paidOrder(1), byHand]), {}).outcome).toBe('held')
})

test('is inconclusive without orders', () => {
  expect(noPhantomOrders.judge(testEvidence([]), {}).outcome).toBe('inconclusive')
})
