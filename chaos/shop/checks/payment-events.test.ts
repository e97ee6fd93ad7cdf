import { expect, test } from 'vitest'

import {
  charge,
  ledgerCharge,
  orderRow,
  paidOrder,
  paymentEvent,
  paymentStates,
  receivedEvent,
  refundedOrder,
  testEvidence,
} from '../testing/test-evidence.ts'
import type { OrderFacts } from '../testing/test-evidence.ts'
import { booksBalance } from './books-balance.ts'
import { eventsRecorded } from './events-recorded.ts'
import { ordersPaid } from './orders-paid.ts'
import { paymentStateAgrees } from './payment-state-agrees.ts'
import { paymentStateNeverGoesBack } from './payment-state-never-goes-back.ts'
import { refundsBookedOnce } from './refunds-booked-once.ts'
import { stockConserved } from './stock-conserved.ts'

const own = [eventsRecorded, paymentStateAgrees, paymentStateNeverGoesBack, refundsBookedOnce]
const settled = (number: number, over: Partial<OrderFacts> = {}): OrderFacts =>
  paidOrder(number, {
    rows: [orderRow(number, { paymentState: 'settled' })],
    paymentEvents: [paymentEvent(number, 'captured', 1), paymentEvent(number, 'settled', 2)],
    receivedEvents: [receivedEvent(number, 2), receivedEvent(number, 1)],
    paymentStates: paymentStates(number, ['settled']),
    ...over,
  })
const refund = refundedOrder(1).ledger.filter(({ kind }) => kind === 'refund')

test.each(own)('$name holds when every event was recorded and applied', (check) => {
  expect(check.judge(testEvidence([refundedOrder(1), settled(2)]), {}).outcome).toBe('held')
})

test.each(own)('$name is inconclusive without an event', (check) => {
  expect(check.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('inconclusive')
})

test.each([booksBalance, stockConserved])('$name holds with a refunded order', (check) => {
  expect(check.judge(testEvidence([refundedOrder(1), settled(2)]), {}).outcome).toBe('held')
})

test('a refunded order does not have to be paid', () => {
  const evidence = testEvidence([refundedOrder(1), settled(2)])
  expect(ordersPaid.judge(evidence, { atLeast: 1 })).toMatchObject({ outcome: 'held', measured: 1 })
})

test('an event that is missing in the shop, or that payments does not have, is an offender', () => {
  const missing = settled(2, { receivedEvents: [receivedEvent(2, 1)] })
  expect(eventsRecorded.judge(testEvidence([missing]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'o-7f-000002.ab12', expected: expect.stringContaining('charge.settled') }],
  })
  const invented = settled(2, {
    receivedEvents: [1, 2, 3].map((sequence) => receivedEvent(2, sequence)),
  })
  expect(eventsRecorded.judge(testEvidence([invented]), {}).offenders).toHaveLength(1)
})

test.each([
  ['settled', 'refunded'],
  ['refunded', 'paid'],
  [null, 'paid'],
] as const)('the state %s and the status %s disagree with a refund', (paymentState, status) => {
  const order = refundedOrder(1, { rows: [orderRow(1, { paymentState, status })] })
  expect(paymentStateAgrees.judge(testEvidence([order]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'o-7f-000001.ab12' }],
  })
})

test('an order that is refunded although its charge is not disagrees', () => {
  const rows = [orderRow(2, { paymentState: 'settled', status: 'refunded' })]
  expect(paymentStateAgrees.judge(testEvidence([settled(2, { rows })]), {}).outcome).toBe(
    'violated',
  )
})

test('a state that goes back is an offender, even if it goes forward again', () => {
  const order = refundedOrder(1, {
    paymentStates: paymentStates(1, ['captured', 'refunded', 'settled', 'refunded']),
  })
  expect(paymentStateNeverGoesBack.judge(testEvidence([order]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ actual: 'went back from `refunded` to `settled`' }],
  })
})

test.each([
  ['twice in the ledger', refundedOrder(1, { ledger: [ledgerCharge(1), ...refund, ...refund] })],
  ['not in the ledger', refundedOrder(1, { ledger: [ledgerCharge(1)] })],
  ['of another amount', refundedOrder(1, { charges: [charge(1, { refundedCents: 800 })] })],
  ['that payments did not make', refundedOrder(1, { charges: [charge(1)] })],
])('a refund %s is an offender', (_what, order) => {
  expect(refundsBookedOnce.judge(testEvidence([order, settled(2)]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'o-7f-000001.ab12' }],
  })
})
