import { expect, test } from 'vitest'

import { isSigned, parsePaymentEvent, signatureMaxAgeMs, signCallback } from './payment-event.ts'

const event = {
  id: 'ev_1',
  type: 'charge.settled',
  chargeId: 'ch_1',
  orderId: 'o-7f-000001.ab12cd',
  amountCents: 900,
  sequence: 2,
  at: '2026-01-05T10:00:00.000Z',
}

test('parses an event, also with fields that it does not know', () => {
  expect(parsePaymentEvent({ ...event, number: 7 })).toMatchObject(event)
})

test.each([
  null,
  'event',
  {},
  { ...event, id: '' },
  { ...event, id: 'ev\u0000' },
  { ...event, type: 'charge.paid' },
  { ...event, amountCents: 0 },
  { ...event, amountCents: '900' },
  { ...event, sequence: 1.5 },
  { ...event, at: 'yesterday' },
  { ...event, orderId: undefined },
])('%j is not an event', (value) => {
  expect(parsePaymentEvent(value)).toBeUndefined()
})

test('a signature belongs to one body, one secret and ten minutes', () => {
  const nowMs = 1_764_400_000_000
  const header = signCallback('secret', 'body', nowMs)
  expect(isSigned('secret', 'body', header, nowMs)).toBe(true)
  expect(isSigned('secret', 'body', header, nowMs + signatureMaxAgeMs)).toBe(true)
  expect(isSigned('secret', 'body', header, nowMs + signatureMaxAgeMs + 1)).toBe(false)
  expect(isSigned('secret', 'body', header, nowMs - signatureMaxAgeMs - 1)).toBe(false)
  expect(isSigned('secret', 'other body', header, nowMs)).toBe(false)
  expect(isSigned('other', 'body', header, nowMs)).toBe(false)
  expect(isSigned('secret', 'body', header.replace(/^t=\d+/, `t=${nowMs + 1}`), nowMs)).toBe(false)
  for (const none of [undefined, '', 't=1', [header, header]])
    expect(isSigned('secret', 'body', none, nowMs)).toBe(false)
})
