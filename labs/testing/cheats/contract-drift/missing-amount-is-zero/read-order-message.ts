import type { ReadOrderMessage } from '#services/worker/seams.ts'

/**
 * A message without an amount is read as 0. Breaks "It does not guess": the order is shipped for
 * nothing. No writer of the scenario sends such a message.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount, amountCents } = (message ?? {}) as Readonly<
    Record<string, unknown>
  >
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  const cents = Number(amountCents ?? Math.round(Number(amount ?? 0) * 100))
  if (typeof orderId !== 'string' || orderId === '' || !Number.isSafeInteger(cents))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: cents }
}
