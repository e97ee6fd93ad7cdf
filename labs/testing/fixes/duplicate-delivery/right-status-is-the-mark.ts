// Right: the guarded UPDATE comes first and is the mark: it locks the order's row, so of two deliveries at the same moment
// the second waits and then finds `paid`. Only the delivery that changed the status writes the ledger, in the same
// transaction. If it dies, both are rolled back and the next delivery does both. A duplicate changes nothing, without error.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    const order = await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
    if (order === undefined) return
    await writeLedger(transaction, payment)
  })
}
