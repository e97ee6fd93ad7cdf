import type { WriteOrderMessage } from '#services/lib/seams.ts'

/** An old reader ignores the added field. */
export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents / 100,
  amountCents: order.amountCents,
})
