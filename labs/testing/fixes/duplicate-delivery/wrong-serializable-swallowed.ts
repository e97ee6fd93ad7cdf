// Breaks: "Every payment is in the ledger exactly once" - "a payment that is *not* in the ledger is just as wrong".
// When: Postgres aborts the transaction with 40001 because of ANOTHER order that was recorded at the same time (SSI has
// false positives: shared pages, shared scans). This version takes 40001 as "another worker has recorded it" and
// acknowledges: charged, `charging` for ever, not in the ledger. One order at a time, and two workers with one message,
// are right.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

const serializationFailure = '40001'

export const recordPayment: RecordPayment = async (payment, database) => {
  try {
    await inTransaction(
      database,
      async (transaction) => {
        const { rows } = await transaction.query<{ id: string }>(
          `SELECT id FROM ledger_transactions WHERE order_id = $1 AND kind = 'charge'`,
          [payment.orderId],
        )
        if (rows.length > 0) return
        await writeLedger(transaction, payment)
        await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
      },
      'SERIALIZABLE',
    )
  } catch (error) {
    // Another worker was faster with the same message: nothing to do.
    if ((error as { code?: unknown }).code !== serializationFailure) throw error
  }
}
