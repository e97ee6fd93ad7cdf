import { randomBytes } from 'node:crypto'

/** What a client may use as its key. No colon: BullMQ does not allow it in a job's id. */
export const clientKeyPattern = '^[A-Za-z0-9_-]{4,64}$'

/**
 * The client's key and six random characters. Whatever carries the order's id then also carries the client's key, so that
 * one order can be followed through every message of every service.
 */
export function orderIdFor(clientKey: string): string {
  return `${clientKey}.${randomBytes(3).toString('hex')}`
}

/** For a client that sends no key of its own. Its retries are then orders of their own. */
export function generateClientKey(): string {
  return `gen-${randomBytes(8).toString('hex')}`
}

/** The idempotency key under which payments knows the one charge of an order. */
export function chargeKeyFor(orderId: string): string {
  return `charge:${orderId}`
}
