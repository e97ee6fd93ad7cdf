// Right: optimistic. The entry is written first; the guarded UPDATE decides whether it stays. If the order is `paid`
// already (or becomes so while the UPDATE waits for the other worker's row lock), a ROLLBACK to a savepoint removes the
// entry, and the transaction commits without a change. Both or neither, with any number of workers, and no error.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    await transaction.query('SAVEPOINT before_payment')
    await writeLedger(transaction, payment)
    const order = await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
    if (order === undefined) await transaction.query('ROLLBACK TO SAVEPOINT before_payment')
  })
}
