import { inTransaction, wasRolledBack } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

/**
 * A COMMIT without a reply counts as executed. Breaks "exactly once": if the COMMIT never arrived,
 * nothing is recorded, and the message is acknowledged.
 */
export const recordPayment: RecordPayment = async (payment, database) => {
  try {
    await inTransaction(database, async (transaction) => {
      const changed = await changeStatus(transaction, {
        orderId: payment.orderId,
        from: moving,
        to: 'paid',
      })
      if (changed !== undefined) await writeLedger(transaction, payment)
    })
  } catch (error) {
    if (wasRolledBack(error)) throw error
  }
}
