import type { ReadOrderMessage } from '#services/worker/seams.ts'

/**
 * Plausible: it is liberal in what it accepts, and reads the fields that it knows from every
 * message. Fails `charged-what-was-ordered`: a new version says that known fields may have another
 * meaning.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { orderId, amount, amountCents } = message as Readonly<Record<string, unknown>>
  const cents = amountCents ?? (typeof amount === 'number' ? Math.round(amount * 100) : undefined)
  if (typeof orderId !== 'string' || !Number.isSafeInteger(cents))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Number(cents) }
}
