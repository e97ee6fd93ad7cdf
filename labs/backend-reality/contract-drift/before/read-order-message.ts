import type { ReadOrderMessage } from '#services/worker/seams.ts'

/**
 * The version that runs in production before the deploy. It is frozen: it does not change any more.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount } = message as Readonly<Record<string, unknown>>
  if (version !== 1) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || typeof amount !== 'number')
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Math.round(amount * 100) }
}
