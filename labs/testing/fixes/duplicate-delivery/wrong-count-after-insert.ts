// Breaks: "It does not matter ... at how many workers a message is delivered: at the same moment".
// When: two workers insert before either commits: neither sees the row of the other (READ COMMITTED), both count one,
// both commit, and the ledger has the sale twice. A delivery after the commit of the first is detected and undone, also
// that of a worker that was frozen before its INSERT, so the story survives.
import { inTransaction } from '#services/lib/transaction.ts'
import { changeStatus, moving } from '#services/worker/orders/change-status.ts'
import { writeLedger } from '#services/worker/orders/write-ledger.ts'
import type { RecordPayment } from '#services/worker/seams.ts'

class AlreadyRecorded extends Error {}

export const recordPayment: RecordPayment = async (payment, database) => {
  try {
    await inTransaction(database, async (transaction) => {
      await writeLedger(transaction, payment)
      const { rows } = await transaction.query<{ entries: number }>(
        `SELECT count(*)::integer AS entries FROM ledger_transactions WHERE order_id = $1 AND kind = 'charge'`,
        [payment.orderId],
      )
      // Ours is not the first one: undo it.
      if ((rows[0]?.entries ?? 0) > 1) throw new AlreadyRecorded()
      await changeStatus(transaction, { orderId: payment.orderId, from: moving, to: 'paid' })
    })
  } catch (error) {
    if (!(error instanceof AlreadyRecorded)) throw error
  }
}
