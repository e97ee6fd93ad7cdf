// Breaks: "It returns `unreadable` ... for a message without order or amount. It does not guess".
// When: a message has an order but no amount (or a null amount): both fall back to 0, which passes the check for a
// whole number. The order is charged 0.00 and shipped, instead of being parked. Complete messages are all right.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})

export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount, amountCents } = (message ?? {}) as Readonly<Record<string, unknown>>
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  const cents = Number(amountCents ?? Math.round(Number(amount ?? 0) * 100))
  if (typeof orderId !== 'string' || orderId === '' || !Number.isSafeInteger(cents))
    return { unreadable: 'message without order or amount' }
  return { orderId, amountCents: cents }
}
