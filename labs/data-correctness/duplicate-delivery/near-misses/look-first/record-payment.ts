import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

/**
 * Plausible: it reads whether the ledger has the payment, and writes in the same transaction. Fails
 * `books-balance`: READ COMMITTED does not see what another transaction has not committed yet. Two
 * deliveries run at the same time, one of them in a frozen worker: both read, both find nothing,
 * and both write.
 */
export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    const { rows } = await transaction.query(
      `SELECT 1 FROM ledger_transactions WHERE order_id = $1 AND kind = 'charge'`,
      [payment.orderId],
    )
    if (rows.length > 0) return
    await writeLedger(transaction, payment)
    await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
  })
}
