// RIGHT. The orders table is the source of truth: every order that is not final and has not changed for `afterMs` is
// taken (its time moves to now, so failing orders go to the back and two workers do not take the same ones). Payments' books decide:
// a charge is settled, otherwise the order is enqueued; job id and idempotency key make a second delivery harmless.
// The orders of a round run side by side, each with its own error, so none waits for another.
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile, ReconcileDesk } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
  const orders = await takeStuckOrders(desk.database, desk.afterMs)
  await Promise.all(orders.map(async (order) => await reconcileOne(order, desk)))
}

async function reconcileOne(order: StuckOrder, desk: ReconcileDesk): Promise<void> {
  try {
    const charge = await desk.findCharge(order.id)
    if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
    else await desk.settle(charge)
    desk.log.info({ orderId: order.id, charge: charge?.status }, 'order reconciled')
  } catch (error) {
    desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
  }
}
