import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

/** Messages that this worker has processed. */
const done = new Set<string>()

/**
 * Plausible: a worker keeps the ids of processed messages and skips them. Fails `books-balance`:
 * another process receives the second delivery, because the first process is dead.
 */
export const recordPayment: RecordPayment = async (payment, database) => {
  if (done.has(payment.messageId)) return
  await inTransaction(database, async (transaction) => {
    await writeLedger(transaction, payment)
    await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
  })
  done.add(payment.messageId)
}
