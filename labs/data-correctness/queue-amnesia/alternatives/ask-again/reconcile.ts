import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/**
 * Right, by another design: payments is not asked here. Whatever rests goes through the queue again, and the worker's own
 * idempotency finds out what has been done: payments answers the same key with the same charge.
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
