import { randomBytes } from 'node:crypto'

/** The valid keys of a client. No colon: BullMQ does not allow it in a job id. */
export const clientKeyPattern = '^[A-Za-z0-9_-]{4,64}$'

/**
 * The client's key and six random characters. Every message that contains the order's id also
 * contains the client's key, so one order can be followed through all messages of all services.
 */
export function orderIdFor(clientKey: string): string {
  return `${clientKey}.${randomBytes(3).toString('hex')}`
}

/** For a client that sends no key. Each of its retries is a separate order. */
export function generateClientKey(): string {
  return `gen-${randomBytes(8).toString('hex')}`
}

/** The idempotency key under which payments stores the one charge of an order. */
export function chargeKeyFor(orderId: string): string {
  return `charge:${orderId}`
}
