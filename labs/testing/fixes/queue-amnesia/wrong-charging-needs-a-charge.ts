// WRONG. Breaks "Every order that is confirmed to a customer is processed to the end, whatever Redis loses."
// A `charging` order is only completed when the books have a charge. If its charge never reached payments (the
// call timed out, then the delayed job was flushed) nobody enqueues it again: the customer sees `charging` forever.
import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
  for (const order of await takeStuckOrders(desk.database, desk.afterMs)) {
    try {
      const { rows } = await desk.database.query<{ status: string }>(
        'SELECT status FROM orders WHERE id = $1',
        [order.id],
      )
      if (rows[0]?.status === 'placed') {
        await desk.queue.enqueue(desk.writeOrderMessage(order))
        continue
      }
      // A charge is in progress. A second job could charge the customer again, so only the books
      // may complete this order.
      const charge = await desk.findCharge(order.id)
      if (charge !== undefined) await desk.settle(charge)
    } catch (error) {
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}
