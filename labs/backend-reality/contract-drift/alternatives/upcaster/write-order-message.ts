import type { WriteOrderMessage } from '#services/lib/seams.ts'

/** What is only added is understood by whoever does not know it. */
export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})
