// Breaks: "It does not guess, and it does not throw: the order is parked at once, with the reason."
// When: the amount is not a whole number of cents: BigInt() throws a RangeError for `amountCents: 12.5`. The queue
// retries the job again and again, and no operator sees the reason. Every well-formed message is right.
import type { WriteOrderMessage } from '#services/lib/seams.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  // Major units, for the readers of the previous version.
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})

export const readOrderMessage: ReadOrderMessage = (message) => {
  const { version, orderId, amount, amountCents } = message as Readonly<Record<string, unknown>>
  if (version !== 1 && version !== 2) return { unreadable: `message version ${JSON.stringify(version)}` }
  if (typeof orderId !== 'string' || orderId === '') return { unreadable: 'message without order' }
  // Money is never a float.
  if (typeof amountCents === 'number')
    return { orderId, amountCents: Number(BigInt(amountCents)) }
  if (version === 1 && typeof amount === 'number' && Number.isFinite(amount))
    return { orderId, amountCents: Math.round(amount * 100) }
  return { unreadable: 'message without amount' }
}
