import type { ReadOrderMessage } from '#services/worker/seams.ts'

/** The version that production has already: without a new version, no two versions differ. */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount } = message as Readonly<Record<string, unknown>>
  if (version !== 1) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || typeof amount !== 'number')
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Math.round(amount * 100) }
}
