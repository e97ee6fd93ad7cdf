import { expect, test } from 'vitest'

import { clockOf } from '#chaos/checks/lib/clock-of.ts'

import { paidOrder, testEvidence } from '../../testing/test-evidence.ts'
import type { OrderFacts } from '../../testing/test-evidence.ts'
import { paymentEvent, refundedOrder } from '../../testing/test-payment-events.ts'
import { orderCases } from '../lib/order-cases.ts'
import { eventLines } from './event-lines.ts'

function tell(order: OrderFacts): readonly string[] {
  const evidence = testEvidence([order])
  const clock = clockOf(evidence)
  return orderCases(evidence)
    .flatMap((one) => eventLines(one, clock))
    .toSorted((a, b) => a.ms - b.ms)
    .map(({ ms, who, text }) => `${ms} ${who} ${text}`)
}

test('tells when each event happened, who recorded it, and which state it set', () => {
  const lines = tell(refundedOrder(1))
  expect(lines).toHaveLength(9)
  expect(lines.slice(6)).toEqual([
    expect.stringMatching(/^310 payments event 3 .*`charge.refunded`.*1 callback/),
    expect.stringMatching(/^315 api-1 records event 3, `charge.refunded`/),
    expect.stringMatching(/^315 api-1 .*`refunded`/),
  ])
})

test('tells that payments gave an event up', () => {
  const event = { ...paymentEvent(1, 'captured', 1), attempts: 5, deliveredAt: null }
  expect(tell(paidOrder(1, { paymentEvents: [event] }))[0]).toMatch(/5 callbacks.*given up/)
})

test('is empty without callbacks', () => {
  expect(tell(paidOrder(1))).toEqual([])
})
