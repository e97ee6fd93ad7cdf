import { expect, test } from 'vitest'

import {
  charge,
  failedSubmission,
  orderOperation,
  orderRow,
  paidOrder,
  testEvidence,
} from '../testing/test-evidence.ts'
import { chargedWhatWasOrdered } from './charged-what-was-ordered.ts'

const judge = (...orders: Parameters<typeof testEvidence>[0]) =>
  chargedWhatWasOrdered.judge(testEvidence(orders), {})

test('holds when client, order and charge agree', () => {
  expect(
    judge(paidOrder(1), paidOrder(2, { operations: [failedSubmission(2, 'unknown')] })).outcome,
  ).toBe('held')
})

test('a charge with another amount than the order is violated', () => {
  expect(judge(paidOrder(1, { charges: [charge(1, { amountCents: 90_000 })] }))).toMatchObject({
    outcome: 'violated',
    offenders: [{ expected: 'a charge of 9.00', actual: 'charged 900.00' }],
  })
})

test('a charge with another amount than the client received is violated', () => {
  const received = orderOperation(1, { amountCents: 800 })
  expect(judge(paidOrder(1, { operations: [received] })).offenders[0]?.expected).toContain('8.00')
})

test('an order of another quantity than the client requested is violated', () => {
  expect(judge(paidOrder(1, { rows: [orderRow(1, { quantity: 3 })] })).offenders[0]).toMatchObject({
    expected: expect.stringMatching(/2 x tea/),
    actual: 'charged 9.00 for 3 x tea',
  })
})

test('a charge without an order is violated', () => {
  expect(judge(paidOrder(1, { rows: [] })).offenders[0]?.actual).toBe(
    'charged 9.00 without an order',
  )
})

test('is inconclusive with declined charges only', () => {
  expect(judge(paidOrder(1, { charges: [charge(1, { status: 'declined' })] })).outcome).toBe(
    'inconclusive',
  )
})
