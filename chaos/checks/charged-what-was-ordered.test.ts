import { expect, test } from 'vitest'

import { chargedWhatWasOrdered } from './charged-what-was-ordered.ts'
import {
  charge,
  failedSubmission,
  orderOperation,
  orderRow,
  paidOrder,
  testEvidence,
} from './testing/test-evidence.ts'

const judge = (...orders: Parameters<typeof testEvidence>[0]) =>
  chargedWhatWasOrdered.judge(testEvidence(orders), {})

test('holds when client, order and charge tell of the same', () => {
  expect(
    judge(paidOrder(1), paidOrder(2, { operations: [failedSubmission(2, 'unknown')] })).outcome,
  ).toBe('held')
})

test('a charge of another amount than the order is wrong', () => {
  expect(judge(paidOrder(1, { charges: [charge(1, { amountCents: 90_000 })] }))).toMatchObject({
    outcome: 'violated',
    offenders: [{ expected: 'a charge of 9.00', actual: 'charged 900.00' }],
  })
})

test('a charge of another amount than the client was told is wrong', () => {
  const told = orderOperation(1, { amountCents: 800 })
  expect(judge(paidOrder(1, { operations: [told] })).offenders[0]?.expected).toBe(
    '8.00, as the client was told',
  )
})

test('an order of something else than the client sent is wrong', () => {
  expect(judge(paidOrder(1, { rows: [orderRow(1, { quantity: 3 })] })).offenders[0]).toMatchObject({
    expected: 'an order of 2 x tea, as the client sent it',
    actual: 'charged 9.00 for 3 x tea',
  })
})

test('a charge without an order is wrong', () => {
  expect(judge(paidOrder(1, { rows: [] })).offenders[0]?.actual).toBe(
    'charged 9.00 without an order',
  )
})

test('is inconclusive when only declined charges exist', () => {
  expect(judge(paidOrder(1, { charges: [charge(1, { status: 'declined' })] })).outcome).toBe(
    'inconclusive',
  )
})
