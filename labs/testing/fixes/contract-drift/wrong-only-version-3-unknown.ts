// Breaks: "It returns `unreadable` for every other version ... It does not guess."
// When: the message has version 4, no version, or version "2": only the 3 of the README is refused, everything else is
// read by its fields. A version 4 whose amountCents means something else (e.g. without the discount) is charged as is;
// the customer pays a guessed amount instead of an operator getting the order. Survives the run with version 3 and 2.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})

export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount, amountCents } = Object(message) as Readonly<Record<string, unknown>>
  // Version 3 is not ours: an operator must look at it.
  if (version === 3) return { unreadable: 'message version 3' }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  if (typeof amountCents === 'number' && Number.isSafeInteger(amountCents)) return { orderId, amountCents }
  if (typeof amount === 'number' && Number.isFinite(amount))
    return { orderId, amountCents: Math.round(amount * 100) }
  return { unreadable: 'message without amount' }
}
