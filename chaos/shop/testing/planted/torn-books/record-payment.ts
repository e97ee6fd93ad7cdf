import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

/** Sets the order to paid in one transaction and books the payment in a second one. */
export const recordPayment: RecordPayment = async (payment, database) => {
  const change = { orderId: payment.orderId, from: moving, to: 'paid' } as const
  if ((await changeStatus(database, change)) === undefined) return
  await inTransaction(database, async (transaction) => {
    await writeLedger(transaction, payment)
  })
}
