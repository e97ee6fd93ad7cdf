// Breaks: "every customer pays exactly what their order says, whichever version wrote the message".
// When: a version 1 message of the old writer whose major amount has no exact binary form, such as 4.35 or 0.29
// (4.35 * 100 is 434.99999999999994). Amounts with .00 or .50 survive. The customer pays one cent too little, and
// payments and orders.amount_cents disagree.
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
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  if (Number.isSafeInteger(amountCents)) return { orderId, amountCents: Number(amountCents) }
  if (version === 2 || typeof amount !== 'number' || !Number.isFinite(amount))
    return { unreadable: 'message without amount' }
  // Never charge more than the order says: cut, do not round up.
  return { orderId, amountCents: Math.floor(amount * 100) }
}
