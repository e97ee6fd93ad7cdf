import type { ReadOrderMessage } from '#services/worker/seams.ts'

/**
 * Plausible: liberal in what it accepts. It takes the fields that it knows from whatever it gets. Fails
 * `charged-what-was-ordered`: a new version says that the fields it knows may mean something else.
 */
export const readOrderMessage: ReadOrderMessage = (message) => {
  const { orderId, amount, amountCents } = message as Readonly<Record<string, unknown>>
  const cents = amountCents ?? (typeof amount === 'number' ? Math.round(amount * 100) : undefined)
  if (typeof orderId !== 'string' || !Number.isSafeInteger(cents))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: Number(cents) }
}
