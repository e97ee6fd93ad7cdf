// Breaks: "an order is set aside for an operator only if no reader in production can understand its message".
// When: one message of an order was unreadable (version 3), the deploy is rolled back, and the order is enqueued again
// as version 1 or 2: the reader answers from its memory and parks it again, in every worker that saw the first one; other
// workers would read it. It also returns the first amount for any later message, and the map grows until a restart.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

import type { MessageReading } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})

/** A message is delivered at least once; every delivery must be read the same way. */
const readings = new Map<string, MessageReading>()

export const readOrderMessage: ReadOrderMessage = (message) => {
  if (typeof message !== 'object' || message === null) return { unreadable: 'not a message' }
  const { orderId } = message as Readonly<Record<string, unknown>>
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  const known = readings.get(orderId)
  if (known !== undefined) return known
  const reading = read(orderId, message as Readonly<Record<string, unknown>>)
  readings.set(orderId, reading)
  return reading
}

const read = (orderId: string, message: Readonly<Record<string, unknown>>): MessageReading => {
  const { version, amount, amountCents } = message
  if (version !== 1 && version !== 2) return { unreadable: `message version ${String(version)}` }
  if (typeof amountCents === 'number' && Number.isSafeInteger(amountCents)) return { orderId, amountCents }
  if (version === 1 && typeof amount === 'number' && Number.isFinite(amount))
    return { orderId, amountCents: Math.round(amount * 100) }
  return { unreadable: 'message without amount' }
}
