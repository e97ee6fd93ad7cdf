// Breaks "Exactly once: a payment that is *not* in the ledger is just as wrong". The message is
// marked as processed in its own statement, and the mark is removed if the transaction throws. A
// worker that is killed in between removes nothing: the next delivery finds the mark and succeeds,
// and the customer is charged without an entry in the ledger; the order stays charging.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  const { rowCount } = await database.query(
    `INSERT INTO processed_messages (consumer, message_id) VALUES ('record-payment', $1)
     ON CONFLICT DO NOTHING`,
    [payment.messageId],
  )
  if (rowCount === 0) return
  try {
    await inTransaction(database, async (transaction) => {
      await writeLedger(transaction, payment)
      await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
    })
  } catch (error) {
    // Let the next delivery try again.
    await database.query(
      "DELETE FROM processed_messages WHERE consumer = 'record-payment' AND message_id = $1",
      [payment.messageId],
    )
    throw error
  }
}
