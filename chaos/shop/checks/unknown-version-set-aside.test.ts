import { expect, test } from 'vitest'

import { at, testKey, orderRow, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { unknownVersionSetAside } from './unknown-version-set-aside.ts'

const message = (version: number) => ({
  id: 1,
  orderId: `${testKey(1)}.ab12`,
  publishedAt: at(20),
  payload: { version, amountCents: 756, taxCents: 144 },
})
const judge = (...orders: Parameters<typeof testEvidence>[0]) =>
  unknownVersionSetAside.judge(testEvidence(orders), { version: 3 })

test('holds when an order with this message version ends as parked, without a charge', () => {
  const parked = { charges: [], chargeRequests: [], ledger: [] }
  const rows = [orderRow(1, { status: 'parked' })]
  expect(judge(paidOrder(1, { ...parked, rows, outbox: [message(3)] }))).toMatchObject({
    outcome: 'held',
    title: expect.stringMatching(/version 3/),
    summary: expect.stringMatching(/1 of 1 version 3 order/),
  })
})

test('a charged order is an offender', () => {
  expect(judge(paidOrder(1, { outbox: [message(3)] }))).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        expected: expect.stringMatching(/`parked`/),
        actual: expect.stringMatching(/`paid`.*9\.00/),
      },
    ],
  })
})

test('is inconclusive without a message of this version', () => {
  expect(judge(paidOrder(1, { outbox: [message(2)] })).outcome).toBe('inconclusive')
})
