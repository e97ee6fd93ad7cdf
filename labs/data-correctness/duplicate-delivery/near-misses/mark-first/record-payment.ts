import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

/**
 * Plausible: it marks the message in Postgres, where every worker sees it, and skips a marked
 * message. Fails `books-balance`: the mark is committed before the books are written. If the worker
 * dies in between, the message is marked as processed and the payment is recorded nowhere.
 */
export const recordPayment: RecordPayment = async (payment, database) => {
  const { rowCount } = await database.query(
    `INSERT INTO processed_messages (consumer, message_id) VALUES ('record-payment', $1)
     ON CONFLICT DO NOTHING`,
    [payment.messageId],
  )
  if (rowCount === 0) return
  await inTransaction(database, async (transaction) => {
    await writeLedger(transaction, payment)
    await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
  })
}
