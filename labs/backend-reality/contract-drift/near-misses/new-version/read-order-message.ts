import type { ReadOrderMessage } from '#services/worker/seams.ts'

/** Reads both versions, and no other one. The mistake of this version is in its writer. */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount, amountCents } = message as Readonly<Record<string, unknown>>
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  const cents = version === 1 && typeof amount === 'number' ? Math.round(amount * 100) : amountCents
  if (typeof orderId !== 'string' || !Number.isSafeInteger(cents))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Number(cents) }
}
