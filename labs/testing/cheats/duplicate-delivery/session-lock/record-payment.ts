import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

/**
 * Holds a lock of the connection and not of the transaction. Breaks "an order that never ends":
 * after an error, the connection returns to the pool with the lock, and every later delivery waits.
 */
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
