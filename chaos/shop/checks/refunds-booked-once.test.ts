import { expect, test } from 'vitest'

import { charge, ledgerCharge, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { refundedOrder, settledOrder } from '../testing/test-payment-events.ts'
import { booksBalance } from './books-balance.ts'
import { ordersPaid } from './orders-paid.ts'
import { refundsBookedOnce } from './refunds-booked-once.ts'
import { stockConserved } from './stock-conserved.ts'

test('holds when every event was recorded and applied', () => {
  const evidence = testEvidence([refundedOrder(1), settledOrder(2)])
  expect(refundsBookedOnce.judge(evidence, {}).outcome).toBe('held')
})

test('is inconclusive without an event', () => {
  expect(refundsBookedOnce.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('inconclusive')
})

const refund = refundedOrder(1).ledger.filter(({ kind }) => kind === 'refund')

test.each([
  ['twice in the ledger', refundedOrder(1, { ledger: [ledgerCharge(1), ...refund, ...refund] })],
  ['not in the ledger', refundedOrder(1, { ledger: [ledgerCharge(1)] })],
  ['of another amount', refundedOrder(1, { charges: [charge(1, { refundedCents: 800 })] })],
  ['that payments did not make', refundedOrder(1, { charges: [charge(1)] })],
])('a refund %s is an offender', (_what, order) => {
  expect(refundsBookedOnce.judge(testEvidence([order, settledOrder(2)]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'o-7f-000001.ab12' }],
  })
})

test.each([booksBalance, stockConserved])('$name holds with a refunded order', (check) => {
  const evidence = testEvidence([refundedOrder(1), settledOrder(2)])
  expect(check.judge(evidence, {}).outcome).toBe('held')
})

test('a refunded order does not have to be paid', () => {
  const evidence = testEvidence([refundedOrder(1), settledOrder(2)])
  expect(ordersPaid.judge(evidence, { atLeast: 1 })).toMatchObject({ outcome: 'held', measured: 1 })
})
