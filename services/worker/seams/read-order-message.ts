import type { ReadOrderMessage } from '../seams.ts'

/**
 * Reads what it needs and ignores the rest. Version 1 has the amount in major units, with the cents
 * as an addition; version 2 is the same without the old field. It does not guess the meaning of an
 * unknown version.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount, amountCents } = message as Readonly<Record<string, unknown>>
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  const cents = amountCents ?? toCents(amount)
  if (typeof orderId !== 'string' || !Number.isSafeInteger(cents))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Number(cents) }
}

/** Rounded, because 19.99 * 100 is 1998.9999999999998. */
function toCents(amount: unknown): number | undefined {
  return typeof amount === 'number' ? Math.round(amount * 100) : undefined
}
