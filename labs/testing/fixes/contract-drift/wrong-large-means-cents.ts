// Breaks: "Your reader reads version 1 as the writer in before/ writes it" and "It does not guess".
// When: the old writer sends an order of more than 50,000.00 with a whole number of major units, e.g. 60000 (60,000.00).
// The reader takes it for cents. The customer pays 600.00 for an order of 60,000.00. The story's 26,700.00 survives.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})

/** Nobody buys tea and mugs for that much: a larger whole number is already in cents. */
const largestMajorAmount = 50_000

export const readOrderMessage: ReadOrderMessage = (message) => {
  const fields = (typeof message === 'object' && message !== null ? message : {}) as Readonly<Record<string, unknown>>
  const { version, orderId, amount, amountCents } = fields
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  if (typeof amountCents === 'number' && Number.isSafeInteger(amountCents)) return { orderId, amountCents }
  if (version === 1 && typeof amount === 'number' && Number.isFinite(amount)) {
    if (Number.isInteger(amount) && amount > largestMajorAmount) return { orderId, amountCents: amount }
    return { orderId, amountCents: Math.round(amount * 100) }
  }
  return { unreadable: 'message without amount' }
}
