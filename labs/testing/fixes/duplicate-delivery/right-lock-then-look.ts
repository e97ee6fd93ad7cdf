// Right: one worker at a time for one order (a lock of the transaction, released by COMMIT, ROLLBACK and by a dead
// connection), then a look into the ledger itself, in a statement of its own, so that it sees what the previous owner
// committed. Entry and status are written in the same transaction; an order that may not become `paid` gets no entry.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [payment.orderId])
    const { rows } = await transaction.query<{ id: string }>(
      `SELECT id FROM ledger_transactions WHERE order_id = $1 AND kind = 'charge'`,
      [payment.orderId],
    )
    if (rows.length > 0) return
    const order = await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
    if (order !== undefined) await writeLedger(transaction, payment)
  })
}
