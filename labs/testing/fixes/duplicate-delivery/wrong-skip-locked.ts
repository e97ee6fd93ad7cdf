// Breaks: "a payment that is not in the ledger is just as wrong, and so is an order that never ends because of it".
// When: two workers have the message; the second finds the order locked, assumes that the first will finish, and
// acknowledges the job. If the first is then killed, or its transaction fails, nothing is recorded and no delivery is
// left: charged, `charging` for ever, not in the ledger. In the story the frozen worker resumes, so it survives.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    const { rows } = await transaction.query<{ id: string }>(
      `SELECT id FROM orders WHERE id = $1 AND status = ANY ($2) FOR UPDATE SKIP LOCKED`,
      [payment.orderId, moving],
    )
    // Recorded already, or another worker is recording it right now.
    if (rows.length === 0) return
    await writeLedger(transaction, payment)
    await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
  })
}
