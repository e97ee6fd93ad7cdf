// Breaks "An order is paid only if payments' books have its charge, and then the ledger has it too" and
// "processed to the end". The round holds the orders' row locks in its own transaction, so that the
// other worker skips them; `settle` uses another connection and waits for exactly these locks until it
// times out. Lost orders that payments has already charged are never completed. Without a charge they are.
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import { inTransaction } from '#services/lib/transaction.ts'
import type { Reconcile } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
  await inTransaction(desk.database, async (transaction) => {
    const { rows } = await transaction.query<StuckOrder>(
      `SELECT id, amount_cents AS "amountCents"
       FROM orders
       WHERE status IN ('placed', 'charging')
         AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'
       ORDER BY updated_at LIMIT 100
       FOR UPDATE SKIP LOCKED`,
      [desk.afterMs],
    )
    for (const order of rows) {
      try {
        const charge = await desk.findCharge(order.id)
        if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
        else await desk.settle(charge)
        desk.log.info({ orderId: order.id, charge: charge?.status }, 'order reconciled')
      } catch (error) {
        desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
      }
    }
  })
}
