import type { ReadOrderMessage } from '#services/worker/seams.ts'

const largestMajorAmount = 50_000

/**
 * Reads a large whole amount of version 1 as cents. Breaks the reading of version 1 for an order of
 * 60,000.00, for which the old writer sends 60000: the customer pays 600.00.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const fields = (typeof message === 'object' && message !== null ? message : {}) as Readonly<
    Record<string, unknown>
  >
  const { version, orderId, amount, amountCents } = fields
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  if (typeof amountCents === 'number' && Number.isSafeInteger(amountCents))
    return { orderId, amountCents }
  if (version === 1 && typeof amount === 'number' && Number.isFinite(amount)) {
    if (Number.isInteger(amount) && amount > largestMajorAmount)
      return { orderId, amountCents: amount }
    return { orderId, amountCents: Math.round(amount * 100) }
  }
  return { unreadable: 'message without amount' }
}
