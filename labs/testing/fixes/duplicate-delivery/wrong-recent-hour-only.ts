// Breaks: "It does not matter how often, when and at how many workers a message is delivered: ... or after a day."
// When: the message is delivered again more than an hour after the payment was recorded (a job retried manually, a worker
// or a Redis that was down for a night). The entry of yesterday is too old to be found, and the sale is in the ledger
// twice. Deliveries at the same moment and after seconds are right.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    // One worker at a time for one order.
    await transaction.query('SELECT 1 FROM orders WHERE id = $1 FOR UPDATE', [payment.orderId])
    // The ledger only grows: look at its recent end, not at all of it.
    const { rows } = await transaction.query<{ id: string }>(
      `SELECT id FROM ledger_transactions
       WHERE order_id = $1 AND kind = 'charge' AND at > clock_timestamp() - interval '1 hour'`,
      [payment.orderId],
    )
    if (rows.length > 0) return
    await writeLedger(transaction, payment)
    await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
  })
}
