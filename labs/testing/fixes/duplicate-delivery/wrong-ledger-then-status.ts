// Breaks: "The entry in the ledger and the status `paid` are written together: both or neither."
// When: the worker dies, or the connection is lost, between the COMMIT of the ledger and the UPDATE of the status. The
// next delivery finds the entry and returns: the order is in the ledger, but `charging` for ever. Kills before the INSERT
// and after the whole function (the story) are right.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  const recordedNow = await inTransaction(database, async (transaction) => {
    await transaction.query('SELECT 1 FROM orders WHERE id = $1 FOR UPDATE', [payment.orderId])
    const { rows } = await transaction.query<{ id: string }>(
      `SELECT id FROM ledger_transactions WHERE order_id = $1 AND kind = 'charge'`,
      [payment.orderId],
    )
    if (rows.length > 0) return false
    await writeLedger(transaction, payment)
    return true
  })
  // A duplicate must not touch the order again.
  if (!recordedNow) return
  // Outside, to hold the lock on the order as short as possible.
  await changeStatus(database, { orderId: payment.orderId, from: moving, to: 'paid' })
}
