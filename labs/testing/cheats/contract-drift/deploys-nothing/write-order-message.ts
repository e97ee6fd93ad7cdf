import type { WriteOrderMessage } from '#services/lib/seams.ts'

/** Nothing drifts where nothing is deployed: what production has anyway. */
export const writeOrderMessage: WriteOrderMessage = ({ id, amountCents }) => ({
  version: 1,
  orderId: id,
  amount: amountCents / 100,
})
