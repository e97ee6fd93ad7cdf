import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/**
 * Right, by another design: it sends no request to payments. It enqueues every stuck order again,
 * and the idempotent worker finds out what is done already: payments returns the same charge for
 * the same key.
 */
export const reconcile: Reconcile = async (desk) => {
  const orders = await takeStuckOrders(desk.database, desk.afterMs)
  await Promise.allSettled(
    orders.map(async (order) => {
      await desk.queue.enqueue(desk.writeOrderMessage(order))
      desk.log.info({ orderId: order.id }, 'order queued again')
    }),
  )
}
