// Breaks: "A second delivery of a recorded payment succeeds and changes nothing."
// When: any second delivery, e.g. the worker died after its COMMIT: the books stay right, but the job fails, is retried
// until its attempts end, and stays in the queue as failed. The operator sees errors for orders that are fine, and the
// real failures are hidden among them.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    const changed = await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
    if (changed === undefined)
      throw new Error(`Payment of order ${payment.orderId} is already recorded (message ${payment.messageId}).`)
    await writeLedger(transaction, payment)
  })
}
