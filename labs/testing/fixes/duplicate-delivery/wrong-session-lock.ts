// Breaks: "A second delivery of a recorded payment succeeds" and "... an order that never ends because of it".
// When: a statement fails while the lock is held (a timeout of a statement, a refused INSERT): ROLLBACK does not release a
// lock of the session, and the connection goes back to the pool with it. Every later delivery on another connection waits
// for the lock until it times out: the order stays `charging`. Also unlocks before COMMIT, so a second worker that is
// waiting can read the ledger too early and write the sale twice.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    await transaction.query('SELECT pg_advisory_lock(hashtext($1))', [payment.orderId])
    const { rows } = await transaction.query<{ id: string }>(
      `SELECT id FROM ledger_transactions WHERE order_id = $1 AND kind = 'charge'`,
      [payment.orderId],
    )
    if (rows.length === 0) {
      await writeLedger(transaction, payment)
      await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
    }
    await transaction.query('SELECT pg_advisory_unlock(hashtext($1))', [payment.orderId])
  })
}
