// Right: expand. The message stays version 1 with its old field, so the old reader reads it; the cents are an additional
// field. In version 1 the old field is the authority (rounded to the cent, exact up to 2^51), so an additional field can
// never change the meaning of a version 1 message. Version 2 has its own field. Everything else is unreadable.
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
  if (version !== 1 && version !== 2) return { unreadable: `unknown message version (${typeof version})` }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  const cents = version === 2 ? amountCents : typeof amount === 'number' ? Math.round(amount * 100) : undefined
  if (typeof cents !== 'number' || !Number.isSafeInteger(cents) || cents < 0)
    return { unreadable: 'message without amount' }
  return { orderId, amountCents: cents }
}
