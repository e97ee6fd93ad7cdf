// Breaks: "The reader in before/ reads your messages and charges the same amount, to the cent."
// When: a new API writes an order of more than 9,999.99 that is not a whole number of tens of cents, e.g. 26,700.12:
// six significant digits make it 26700.1. An old worker charges 26,700.10. The story's 26,700.00 and 0.12 survive,
// and a new worker is always right, because it reads the cents.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  // Old workers still need major units. Remove the noise of the division (0.30000000000000004 and such).
  amount: Number((order.amountCents / 100).toPrecision(6)),
  amountCents: order.amountCents,
})

export const readOrderMessage: ReadOrderMessage = (message) => {
  if (typeof message !== 'object' || message === null) return { unreadable: 'not a message' }
  const { version, orderId, amount, amountCents } = message as Readonly<Record<string, unknown>>
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  if (typeof amountCents === 'number' && Number.isSafeInteger(amountCents)) return { orderId, amountCents }
  if (version === 1 && typeof amount === 'number' && Number.isFinite(amount))
    return { orderId, amountCents: Math.round(amount * 100) }
  return { unreadable: 'message without amount' }
}
