import type { WriteOrderMessage } from '#services/lib/seams.ts'

/**
 * The version that runs in production before the deploy. It is frozen: it does not change any more.
 */
export const writeOrderMessage: WriteOrderMessage = ({ id, amountCents }) => ({
  version: 1,
  orderId: id,
  amount: amountCents / 100,
})
