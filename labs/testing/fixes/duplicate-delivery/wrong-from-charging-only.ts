// Breaks: "Every payment is in the ledger exactly once" - "a payment that is *not* in the ledger is just as wrong".
// When: the order is still `placed` when its payment is recorded (a status that may become `paid`: `moving` has it).
// Nothing is written, the job succeeds, and the order never ends: charged, `placed`, not in the ledger. Orders that are
// `charging`, as on the usual path, are right, also with two workers.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

const awaitingPayment = moving.filter((status) => status === 'charging')

export const recordPayment: RecordPayment = async (payment, database) => {
  await inTransaction(database, async (transaction) => {
    // The guarded update is the mark: only one delivery can move the order from `charging` to `paid`.
    const changed = await changeStatus(transaction, {
      orderId: payment.orderId,
      from: awaitingPayment,
      to: 'paid',
    })
    if (changed === undefined) return
    await writeLedger(transaction, payment)
  })
}
