import type { WriteOrderMessage } from '#services/lib/seams.ts'

/** The cents stand beside the old field: old readers take what they know. The mistake of this version is in its reader. */
export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})
