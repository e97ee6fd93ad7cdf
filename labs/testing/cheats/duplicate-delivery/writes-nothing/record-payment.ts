import type { RecordPayment } from '#services/worker/seams.ts'

/** Marks the order paid and keeps no books: nothing is in them twice. */
export const recordPayment: RecordPayment = async ({ orderId }, database) => {
  await database.query(`UPDATE orders SET status = 'paid' WHERE id = $1`, [orderId])
}
