import { expect, test } from 'vitest'

import {
  charge,
  ledgerCharge,
  orderRow,
  paidOrder,
  testEvidence,
} from '../testing/test-evidence.ts'
import { booksBalance } from './books-balance.ts'

const judge = (...orders: Parameters<typeof testEvidence>[0]) =>
  booksBalance.judge(testEvidence(orders), {})

test('holds when payments, ledger and status agree, for declined and refunded orders too', () => {
  const declined = paidOrder(2, {
    rows: [orderRow(2, { status: 'rejected' })],
    charges: [charge(2, { status: 'declined' })],
    ledger: [],
  })
  const back = ledgerCharge(3, {
    id: 4,
    kind: 'refund',
    entries: [
      { account: 'payments-receivable', amountCents: -900 },
      { account: 'sales', amountCents: 900 },
    ],
  })
  const refunded = paidOrder(3, {
    rows: [orderRow(3, { status: 'refunded' })],
    charges: [charge(3, { refundedCents: 900 })],
    ledger: [ledgerCharge(3), back],
  })
  expect(judge(paidOrder(1), declined, refunded)).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/3 of 3 orders/),
  })
})

test('a charge without a ledger entry is a disagreement', () => {
  const torn = paidOrder(1, { rows: [orderRow(1, { status: 'charging' })], ledger: [] })
  expect(judge(torn)).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'o-7f-000001.ab12',
        actual: expect.stringMatching(
          /payments \D+9\.00.*ledger \D+0\.00.*paid orders \D+0\.00.*charging/,
        ),
      },
    ],
  })
})

test('two ledger transactions for one charge are a disagreement', () => {
  expect(judge(paidOrder(1, { ledger: [ledgerCharge(1), ledgerCharge(1)] })).outcome).toBe(
    'violated',
  )
})

test('a paid order without a charge is a disagreement', () => {
  expect(judge(paidOrder(1, { charges: [], ledger: [] })).outcome).toBe('violated')
})

test('the entries of a ledger transaction add up to zero', () => {
  const entries = [{ account: 'payments-receivable', amountCents: 900 }]
  expect(
    judge(paidOrder(1, { ledger: [ledgerCharge(1, { entries })] })).offenders[0]?.actual,
  ).toContain('ledger transaction 1')
})

test('is inconclusive when no money moves', () => {
  const placed = paidOrder(1, {
    rows: [orderRow(1, { status: 'placed' })],
    charges: [],
    ledger: [],
  })
  expect(judge(placed).outcome).toBe('inconclusive')
})
