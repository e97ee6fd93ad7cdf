import type { ReadOrderMessage } from '#services/worker/seams.ts'

/**
 * Plausible: it knows both fields and both versions, and truncates the old amount to whole cents.
 * Fails `charged-what-was-ordered`: 9.95 * 100 is 994.9999999999999, and one cent of 9.95 is lost.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount, amountCents } = message as Readonly<Record<string, unknown>>
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  const cents = amountCents ?? Math.trunc(Number(amount) * 100)
  if (typeof orderId !== 'string' || !Number.isSafeInteger(cents))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Number(cents) }
}
