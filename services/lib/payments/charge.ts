import { createParser } from '../parsing/parser.ts'

/** A line of payments' books, as payments reports it. */
export interface Charge {
  readonly id: string
  readonly orderId: string
  readonly idempotencyKey: string
  readonly amountCents: number
  readonly status: 'captured' | 'declined'
}

export interface ChargeRequest {
  readonly orderId: string
  readonly customer: string
  readonly amountCents: number
  /** Payments executes one charge per key, however often it receives the request. */
  readonly idempotencyKey: string
}

const text = { type: 'string', minLength: 1 }

/** Undefined for whatever is not a charge. Fields that the shop does not use are ignored. */
export const parseCharge = createParser<Charge>({
  type: 'object',
  required: ['id', 'orderId', 'idempotencyKey', 'amountCents', 'status'],
  properties: {
    id: text,
    orderId: text,
    idempotencyKey: text,
    amountCents: { type: 'integer', minimum: 1 },
    status: { type: 'string', enum: ['captured', 'declined'] },
  },
})

/** Payments could return the charge of another order: then the outcome of this one is unknown. */
export function isChargeFor(
  charge: Charge,
  { orderId, amountCents, idempotencyKey }: Omit<ChargeRequest, 'customer'>,
): boolean {
  return (
    charge.orderId === orderId &&
    charge.amountCents === amountCents &&
    charge.idempotencyKey === idempotencyKey
  )
}
