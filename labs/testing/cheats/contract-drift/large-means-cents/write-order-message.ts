import type { WriteOrderMessage } from '#services/lib/seams.ts'

/** Both fields, as the shop writes them. The mistake of this version is in its reader. */
export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})
