import { expect, test } from 'vitest'

import { charge, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { chargedAtMostOnce } from './charged-at-most-once.ts'

test('holds when every order has one charge', () => {
  const result = chargedAtMostOnce.judge(testEvidence([paidOrder(1), paidOrder(2)]), {})
  expect(result).toMatchObject({ outcome: 'held', measured: 0 })
})

test('two charges for one key are violated, even with two order ids', () => {
  const again = charge(1, { id: 'ch-9', orderId: 'o-7f-000001.zz99', amountCents: 500 })
  const evidence = testEvidence([paidOrder(1, { charges: [charge(1), again] }), paidOrder(2)])
  expect(chargedAtMostOnce.judge(evidence, {})).toMatchObject({
    outcome: 'violated',
    summary: expect.stringMatching(/1 of 2 orders/),
    offenders: [{ id: 'o-7f-000001.ab12', actual: expect.stringMatching(/2 times.*9\.00.*5\.00/) }],
  })
})

test('declined and refunded charges do not count', () => {
  const charges = [
    charge(1),
    charge(1, { id: 'ch-8', status: 'declined' }),
    charge(1, { id: 'ch-9', refundedCents: 900 }),
  ]
  const evidence = testEvidence([paidOrder(1, { charges })])
  expect(chargedAtMostOnce.judge(evidence, {}).outcome).toBe('held')
})

test('is inconclusive without a charge', () => {
  const evidence = testEvidence([paidOrder(1, { charges: [] })])
  expect(chargedAtMostOnce.judge(evidence, {}).outcome).toBe('inconclusive')
})
