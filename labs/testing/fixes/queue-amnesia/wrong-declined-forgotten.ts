// WRONG. Breaks "Every order that is confirmed to a customer is processed to the end" for a declined charge.
// In the story "payments declined no charge", so it holds there. If payments declined an order and the reply or
// the job was lost before the order became rejected, this reconciler neither settles nor enqueues it: the
// customer sees `charging` forever, and no log line above debug says so.
import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
  for (const order of await takeStuckOrders(desk.database, desk.afterMs)) {
    try {
      const charge = await desk.findCharge(order.id)
      if (charge === undefined) {
        await desk.queue.enqueue(desk.writeOrderMessage(order))
        desk.log.info({ orderId: order.id }, 'order enqueued again')
      } else if (charge.status === 'captured') {
        await desk.settle(charge)
        desk.log.info({ orderId: order.id }, 'order settled from the books')
      } else {
        // Nothing was charged, so there is nothing to write into the ledger.
        desk.log.debug({ orderId: order.id }, 'no captured charge')
      }
    } catch (error) {
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}
