import { expect, test } from 'vitest'

import { orderRow, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { refundedOrder, settledOrder } from '../testing/test-payment-events.ts'
import { paymentStateAgrees } from './payment-state-agrees.ts'

test('holds when every event was recorded and applied', () => {
  const evidence = testEvidence([refundedOrder(1), settledOrder(2)])
  expect(paymentStateAgrees.judge(evidence, {}).outcome).toBe('held')
})

test('is inconclusive without an event', () => {
  expect(paymentStateAgrees.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('inconclusive')
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
  const evidence = testEvidence([settledOrder(2, { rows })])
  expect(paymentStateAgrees.judge(evidence, {}).outcome).toBe('violated')
})
