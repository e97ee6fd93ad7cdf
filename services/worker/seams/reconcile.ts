import { takeStuckOrders } from '../orders/stuck-orders.ts'
import type { Reconcile } from '../seams.ts'

/**
 * The orders themselves say what is still to be done; the queue may have forgotten. What payments has in its books is
 * settled, everything else is put into the queue again: there it is no harm if it is there twice.
 */
export const reconcile: Reconcile = async (desk) => {
  for (const order of await takeStuckOrders(desk.database, desk.afterMs)) {
    try {
      const charge = await desk.findCharge(order.id)
      if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
      else await desk.settle(charge)
      desk.log.info({ orderId: order.id, charge: charge?.status }, 'order reconciled')
    } catch (error) {
      // One order must not keep the others from being looked at.
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}
