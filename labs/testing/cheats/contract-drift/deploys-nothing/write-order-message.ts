import type { WriteOrderMessage } from '#services/lib/seams.ts'

/** The version that production has already: without a new version, no two versions differ. */
export const writeOrderMessage: WriteOrderMessage = ({ id, amountCents }) => ({
  version: 1,
  orderId: id,
  amount: amountCents / 100,
})
