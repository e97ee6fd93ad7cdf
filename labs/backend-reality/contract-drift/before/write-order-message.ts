import type { WriteOrderMessage } from '#services/lib/seams.ts'

/** What runs in production before the deploy. Frozen: nobody changes it any more. */
export const writeOrderMessage: WriteOrderMessage = ({ id, amountCents }) => ({
  version: 1,
  orderId: id,
  amount: amountCents / 100,
})
