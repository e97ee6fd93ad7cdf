import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

class AlreadyRecorded extends Error {}

/**
 * Inserts first, counts the entries, and rolls back if there are two. Breaks "at the same moment":
 * neither of two transactions sees the entry of the other before its COMMIT.
 */
export const recordPayment: RecordPayment = async (payment, database) => {
  try {
    await inTransaction(database, async (transaction) => {
      await writeLedger(transaction, payment)
      const { rows } = await transaction.query<{ entries: number }>(
        `SELECT count(*)::integer AS entries FROM ledger_transactions WHERE order_id = $1 AND kind = 'charge'`,
        [payment.orderId],
      )
      if ((rows[0]?.entries ?? 0) > 1) throw new AlreadyRecorded()
      await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
    })
  } catch (error) {
    if (!(error instanceof AlreadyRecorded)) throw error
  }
}
