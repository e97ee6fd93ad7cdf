import { rejectOrder } from '#services/worker/orders/reject-order.ts'
import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/**
 * Plausible: it completes every charged order, and rejects a stuck order without a charge: the
 * stock goes back, and the books agree. Fails `orders-paid`: the order was confirmed, and payments
 * declined no charge.
 */
export const reconcile: Reconcile = async (desk) => {
  for (const order of await takeStuckOrders(desk.database, desk.afterMs)) {
    try {
      const charge = await desk.findCharge(order.id)
      if (charge === undefined) await rejectOrder(desk.database, order.id)
      else await desk.settle(charge)
    } catch (error) {
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}
