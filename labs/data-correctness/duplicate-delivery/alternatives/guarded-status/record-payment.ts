import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

/**
 * Right, by another design: no list of messages. An order becomes paid once, and the UPDATE reports
 * whether this delivery did it. The ledger is written in the same transaction.
 */
export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    const change = { orderId: payment.orderId, from: moving, to: 'paid' } as const
    if ((await changeStatus(transaction, change)) === undefined) return
    await writeLedger(transaction, payment)
  })
}
