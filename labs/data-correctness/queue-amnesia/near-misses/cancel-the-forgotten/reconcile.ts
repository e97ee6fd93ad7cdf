import { rejectOrder } from '#services/worker/orders/reject-order.ts'
import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/**
 * Plausible: what payments has charged is settled, and an order that rests without a charge is cancelled: its stock goes
 * back, and the books agree. Must fail orders-paid: the customer was told yes, and nobody's payment was declined.
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
