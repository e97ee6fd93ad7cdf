import { createHmac, timingSafeEqual } from 'node:crypto'

import { createParser } from '../parsing/parser.ts'

/** What can happen to a charge, in this sequence. A declined charge has no event. */
export const paymentEventTypes = ['charge.captured', 'charge.settled', 'charge.refunded'] as const

export type PaymentEventType = (typeof paymentEventTypes)[number]

/** Something that happened to a charge, as payments reports it. */
export interface PaymentEvent {
  /** The same in every delivery of one event. */
  readonly id: string
  readonly type: PaymentEventType
  readonly chargeId: string
  readonly orderId: string
  /** The captured or settled amount; of a refund, the amount that was returned. */
  readonly amountCents: number
  /** Position among the events of this charge, from 1. */
  readonly sequence: number
  /** ISO 8601, by payments' clock. */
  readonly at: string
}

/** Printable characters: Postgres stores no NUL. */
const name = { type: 'string', pattern: '^[\\x20-\\x7e]{1,300}$' }

export const paymentEventSchema = {
  type: 'object',
  required: ['id', 'type', 'chargeId', 'orderId', 'amountCents', 'sequence', 'at'],
  properties: {
    id: name,
    type: { type: 'string', enum: paymentEventTypes },
    chargeId: name,
    orderId: name,
    amountCents: { type: 'integer', minimum: 1 },
    sequence: { type: 'integer', minimum: 1 },
    at: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' },
  },
} as const

/** Undefined for whatever is not an event. */
export const parsePaymentEvent = createParser<PaymentEvent>(paymentEventSchema)

/** Header with the signature of a callback: `t=<milliseconds>,v1=<hex>`. */
export const signatureHeader = 'payments-signature'

/** An older signature is refused: a copy of a callback cannot be sent again later. */
export const signatureMaxAgeMs = 5 * 60_000

/** Signs the body of a callback at this time. */
export function signCallback(secret: string, body: string, nowMs: number): string {
  return `t=${nowMs},v1=${hmac(secret, body, nowMs)}`
}

/** Whether the body was signed with this secret, at most five minutes before or after `nowMs`. */
export function isSigned(secret: string, body: string, header: unknown, nowMs: number): boolean {
  const parts = typeof header === 'string' ? /^t=(\d{1,15}),v1=([0-9a-f]{64})$/.exec(header) : null
  if (parts === null) return false
  const [, time = '', given = ''] = parts
  if (Math.abs(nowMs - Number(time)) > signatureMaxAgeMs) return false
  return timingSafeEqual(Buffer.from(given), Buffer.from(hmac(secret, body, Number(time))))
}

function hmac(secret: string, body: string, timeMs: number): string {
  return createHmac('sha256', secret).update(`${timeMs}.${body}`).digest('hex')
}
