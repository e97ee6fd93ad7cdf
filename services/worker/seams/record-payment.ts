import { inTransaction } from '#services/lib/transaction.ts'

import { changeStatus, moving } from '../orders/change-status.ts'
import { writeLedger } from '../orders/write-ledger.ts'
import type { RecordPayment } from '../seams.ts'

/**
 * The mark for the message is written in the same transaction as its effect: both or neither. A
 * second delivery finds the mark. A delivery at the same time waits at the INSERT until the first
 * has committed, and then finds it too.
 */
export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    const { rowCount } = await transaction.query(
      `INSERT INTO processed_messages (consumer, message_id) VALUES ('record-payment', $1)
       ON CONFLICT DO NOTHING`,
      [payment.messageId],
    )
    if (rowCount === 0) return
    await writeLedger(transaction, payment)
    await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
  })
}
