import { expect, test } from 'vitest'

import { paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { receivedEvent, refundedOrder, settledOrder } from '../testing/test-payment-events.ts'
import { eventsRecorded } from './events-recorded.ts'

test('holds when every event was recorded and applied', () => {
  const evidence = testEvidence([refundedOrder(1), settledOrder(2)])
  expect(eventsRecorded.judge(evidence, {}).outcome).toBe('held')
})

test('is inconclusive without an event', () => {
  expect(eventsRecorded.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('inconclusive')
})

test('an event that is missing in the shop, or that payments does not have, is an offender', () => {
  const missing = settledOrder(2, { receivedEvents: [receivedEvent(2, 1)] })
  expect(eventsRecorded.judge(testEvidence([missing]), {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'o-7f-000002.ab12', expected: expect.stringContaining('charge.settled') }],
  })
  const invented = settledOrder(2, {
    receivedEvents: [1, 2, 3].map((sequence) => receivedEvent(2, sequence)),
  })
  expect(eventsRecorded.judge(testEvidence([invented]), {}).offenders).toHaveLength(1)
})
