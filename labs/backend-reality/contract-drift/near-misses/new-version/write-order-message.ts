import type { WriteOrderMessage } from '#services/lib/seams.ts'

/**
 * Plausible: old readers cannot understand the change, so the message gets a new version number.
 * Fails `orders-paid`: old readers rightly set an unknown version aside, and every order of the
 * deploy needs an operator.
 */
export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 2,
  orderId: order.id,
  amountCents: order.amountCents,
})
