import type { WriteOrderMessage } from '../seams.ts'

/**
 * Version 1 has the amount in major units. The cents are an additional field until no worker reads
 * the old one any more. Old readers ignore an additional field, so the version stays the same.
 */
export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})
