import type { ReadOrderMessage } from '#services/worker/seams.ts'

/**
 * Task: from now on a message says the amount in cents, and nothing goes wrong while old and new code run beside each
 * other. Change these two files only.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount } = message as Readonly<Record<string, unknown>>
  if (version !== 1) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || !Number.isSafeInteger(amount))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Number(amount) }
}
