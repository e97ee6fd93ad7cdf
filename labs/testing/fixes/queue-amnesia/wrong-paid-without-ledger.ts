// WRONG. Breaks "An order is paid only if payments' books have its charge, and then the ledger has it too."
// For an order that payments has captured it only changes the status. Lost jobs that were never charged are enqueued, so
// the story holds; but when the worker lost the reply, or died, between the charge and its books, the
// order becomes `paid` with no ledger entry, and no later round looks at it: the accounts miss that money.
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile, ReconcileDesk } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
  for (const order of await takeStuckOrders(desk.database, desk.afterMs)) {
    try {
      await complete(order, desk)
    } catch (error) {
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}

async function complete(order: StuckOrder, desk: ReconcileDesk): Promise<void> {
  const charge = await desk.findCharge(order.id)
  if (charge === undefined) {
    await desk.queue.enqueue(desk.writeOrderMessage(order))
    return
  }
  // Guarded: a worker may have finished the order in the meantime.
  const { rowCount } = await desk.database.query(
    `UPDATE orders SET status = $2, updated_at = clock_timestamp()
     WHERE id = $1 AND status IN ('placed', 'charging')`,
    [order.id, charge.status === 'captured' ? 'paid' : 'rejected'],
  )
  desk.log.info({ orderId: order.id, charge: charge.status, changed: rowCount }, 'order reconciled')
}
