import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

/** Messages that this worker has dealt with. */
const done = new Set<string>()

/**
 * Plausible: a worker remembers what it has dealt with, and deals with nothing twice. Fails `books-balance`: who gets the
 * message for the second time is another process, because the first one is dead.
 */
export const recordPayment: RecordPayment = async (payment, database) => {
  if (done.has(payment.messageId)) return
  await inTransaction(database, async (transaction) => {
    await writeLedger(transaction, payment)
    await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
  })
  done.add(payment.messageId)
}
