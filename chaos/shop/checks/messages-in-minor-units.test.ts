import { expect, test } from 'vitest'

import { at, testKey, orderOperation, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { messagesInMinorUnits } from './messages-in-minor-units.ts'

const orderId = `${testKey(1)}.ab12`
const judge = (payload: unknown, steadyOperations = [orderOperation(1)]) => {
  const message = { id: 1, orderId, publishedAt: at(20), payload }
  // Written after the steady state, when old code also writes: not judged.
  const later = { id: 2, orderId: `${testKey(2)}.ab12`, publishedAt: at(2_000), payload: {} }
  const orders = [paidOrder(1, { outbox: [message] }), paidOrder(2, { outbox: [later] })]
  return messagesInMinorUnits.judge(testEvidence(orders, { steadyOperations }), {})
}

test.for([
  { version: 1, orderId, amount: 9, amountCents: 900 },
  { version: 2, orderId, total: { currency: 'EUR', minor: 900 } },
])('holds for %o', (payload) => {
  expect(judge(payload)).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/1 of 1 message /),
  })
})

test('a message with the amount in major units only is an offender', () => {
  expect(judge({ version: 1, orderId, amount: 9 })).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: orderId, actual: JSON.stringify({ version: 1, orderId, amount: 9 }) }],
  })
})

test('is inconclusive without a message of the steady state', () => {
  expect(judge({ amountCents: 900 }, []).outcome).toBe('inconclusive')
})
