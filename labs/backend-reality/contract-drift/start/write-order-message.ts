import type { WriteOrderMessage } from '#services/lib/seams.ts'

/**
 * Task: from now on a message says the amount in cents, and nothing goes wrong while old and new code run beside each
 * other. Change these two files only.
 */
export const writeOrderMessage: WriteOrderMessage = (order) => ({
  version: 1,
  orderId: order.id,
  amount: order.amountCents,
})
