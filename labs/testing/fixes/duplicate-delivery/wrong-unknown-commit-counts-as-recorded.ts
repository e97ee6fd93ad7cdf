// Breaks: "Every payment is in the ledger exactly once, whichever process dies and at whatever moment."
// When: the COMMIT was sent but never arrived (connection cut, Postgres killed): the outcome is unknown, this version
// takes it as done and acknowledges the job. The transaction was rolled back: charged, `charging`, not in the ledger,
// and no delivery is left. Kills of a worker and slow deliveries are right, so the story survives.
import { inTransaction, wasRolledBack } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  try {
    await inTransaction(database, async (transaction) => {
      const changed = await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
      if (changed !== undefined) await writeLedger(transaction, payment)
    })
  } catch (error) {
    // COMMIT was sent, so the payment is in the books: a retry would record it a second time.
    if (wasRolledBack(error)) throw error
  }
}
