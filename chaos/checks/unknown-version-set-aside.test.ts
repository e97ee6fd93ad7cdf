import { expect, test } from 'vitest'

import { at, testKey, orderRow, paidOrder, testEvidence } from './testing/test-evidence.ts'
import { unknownVersionSetAside } from './unknown-version-set-aside.ts'

const message = (version: number) => ({
  id: 1,
  orderId: `${testKey(1)}.ab12`,
  publishedAt: at(20),
  payload: { version, amountCents: 756, taxCents: 144 },
})
const judge = (...orders: Parameters<typeof testEvidence>[0]) =>
  unknownVersionSetAside.judge(testEvidence(orders), { version: 3 })

test('holds when an order with such a message is parked and nobody is charged for it', () => {
  const parked = { charges: [], chargeRequests: [], ledger: [] }
  const rows = [orderRow(1, { status: 'parked' })]
  expect(judge(paidOrder(1, { ...parked, rows, outbox: [message(3)] }))).toMatchObject({
    outcome: 'held',
    title: 'messages of version 3 are set aside',
    summary: '1 version 3 order set aside, none charged.',
  })
})

test('an order that was charged by somebody who guessed is an offender', () => {
  expect(judge(paidOrder(1, { outbox: [message(3)] }))).toMatchObject({
    outcome: 'violated',
    offenders: [{ expected: '`parked`, and nothing charged', actual: '`paid`, charged 9.00' }],
  })
})

test('is inconclusive when nobody wrote such a message', () => {
  expect(judge(paidOrder(1, { outbox: [message(2)] })).outcome).toBe('inconclusive')
})
