import { expect, test } from 'vitest'

import { paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { paymentStates, refundedOrder, settledOrder } from '../testing/test-payment-events.ts'
import { paymentStateNeverGoesBack } from './payment-state-never-goes-back.ts'

test('holds when every event was recorded and applied', () => {
  const evidence = testEvidence([refundedOrder(1), settledOrder(2)])
  expect(paymentStateNeverGoesBack.judge(evidence, {}).outcome).toBe('held')
})

test('is inconclusive without an event', () => {
  expect(paymentStateNeverGoesBack.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe(
    'inconclusive',
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
