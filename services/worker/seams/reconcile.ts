import { takeStuckOrders } from '../orders/stuck-orders.ts'
import type { Reconcile } from '../seams.ts'

/**
 * The orders themselves show which work remains; the queue may have lost it. An order with a charge
 * in payments' books is completed, every other order is enqueued again. A second job for the same
 * order does no harm.
 */
export const reconcile: Reconcile = async (desk) => {
  for (const order of await takeStuckOrders(desk.database, desk.afterMs)) {
    try {
      const charge = await desk.findCharge(order.id)
      if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
      else await desk.settle(charge)
      desk.log.info({ orderId: order.id, charge: charge?.status }, 'order reconciled')
    } catch (error) {
      // One failing order must not block the others.
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}
