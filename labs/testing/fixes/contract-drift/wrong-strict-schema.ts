// Breaks: "Additional fields do not matter to it."
// When: the next version of the writer adds a field to version 1 or 2, e.g. `currency` or `traceId`: the reader refuses
// the whole message. Its orders are parked and a customer waits for an operator, although everything needed is there.
// All messages of today's writers are read right.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  1: ['version', 'orderId', 'amount', 'amountCents'],
  2: ['version', 'orderId', 'amountCents'],
}

export const readOrderMessage: ReadOrderMessage = (message) => {
  if (typeof message !== 'object' || message === null) return { unreadable: 'not a message' }
  const { version, orderId, amount, amountCents } = message as Readonly<Record<string, unknown>>
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  const unknown = Object.keys(message).filter((field) => !fieldsOf[version]?.includes(field))
  // An unknown field may change the meaning of the others: do not guess.
  if (unknown.length > 0) return { unreadable: `unknown fields ${unknown.join(', ')}` }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  if (typeof amountCents === 'number' && Number.isSafeInteger(amountCents)) return { orderId, amountCents }
  if (version === 1 && typeof amount === 'number' && Number.isFinite(amount))
    return { orderId, amountCents: Math.round(amount * 100) }
  return { unreadable: 'message without amount' }
}
