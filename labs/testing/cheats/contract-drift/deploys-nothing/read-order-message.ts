import type { ReadOrderMessage } from '#services/worker/seams.ts'

/** Nothing drifts where nothing is deployed: what production has anyway. */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount } = message as Readonly<Record<string, unknown>>
  if (version !== 1) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || typeof amount !== 'number')
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Math.round(amount * 100) }
}
