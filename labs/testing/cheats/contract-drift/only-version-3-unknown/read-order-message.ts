import type { ReadOrderMessage } from '#services/worker/seams.ts'

/**
 * Refuses version 3, because the README names it, and reads every other version by its fields.
 * Breaks "unreadable for every other version" as soon as there is a version 4.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount, amountCents } = Object(message) as Readonly<
    Record<string, unknown>
  >
  if (version === 3) return { unreadable: 'message version 3' }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  if (typeof amountCents === 'number' && Number.isSafeInteger(amountCents))
    return { orderId, amountCents }
  if (typeof amount === 'number' && Number.isFinite(amount))
    return { orderId, amountCents: Math.round(amount * 100) }
  return { unreadable: 'message without amount' }
}
