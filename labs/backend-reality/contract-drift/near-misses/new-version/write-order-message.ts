import type { WriteOrderMessage } from '#services/lib/seams.ts'

/**
 * Plausible: a change that old readers cannot understand is a new version, and says so. Fails `orders-paid`: old readers
 * set aside what they cannot read, which is right of them, and every order of the deploy needs a person.
 */
export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 2,
  orderId: order.id,
  amountCents: order.amountCents,
})
