import type { ReadOrderMessage } from '#services/worker/seams.ts'

/**
 * Plausible: the writer keeps the old field for old readers, so the new reader does not need it.
 * Fails `orders-paid`: old writers run too, and their messages are still in the outbox and in the
 * queue.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amountCents } = message as Readonly<Record<string, unknown>>
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || !Number.isSafeInteger(amountCents))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Number(amountCents) }
}
