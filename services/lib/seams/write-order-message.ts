import type { WriteOrderMessage } from '../seams.ts'

/**
 * Version 1 gave the amount in major units. The cents stand beside it until no worker reads the old field any more: what is
 * only added is understood by old readers, and needs no new version.
 */
export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})
