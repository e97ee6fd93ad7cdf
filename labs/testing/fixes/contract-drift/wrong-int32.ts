// Breaks: "every customer pays exactly what their order says".
// When: an order of more than 21,474,836.47 (2^31 cents) comes in a version 1 message of the old writer: `| 0` keeps
// 32 bits only. The charge is another amount or a negative one (30,000,000.00 becomes -12,949,672.96). All smaller
// orders, and all messages of the new writer, are right.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})

export const readOrderMessage: ReadOrderMessage = (message) => {
  if (typeof message !== 'object' || message === null) return { unreadable: 'not a message' }
  const { version, orderId, amount, amountCents } = message as Readonly<Record<string, unknown>>
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  if (typeof amountCents === 'number' && Number.isSafeInteger(amountCents)) return { orderId, amountCents }
  if (version === 1 && typeof amount === 'number' && Number.isFinite(amount))
    return { orderId, amountCents: (amount * 100 + 0.5) | 0 }
  return { unreadable: 'message without amount' }
}
