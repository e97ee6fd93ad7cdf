// RIGHT. A lost message is a message that has to be published again: the outbox row is reopened (published_at = NULL),
// and the relay, which already survives a Redis that is down, enqueues it. Charges that the books have are settled
// directly. The time of each order is moved first, so failures go to the back, and every order has its own error.
// An order without an outbox row is enqueued directly. Nothing is kept in memory; any number of losses is found.
import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
  const orders = await takeStuckOrders(desk.database, desk.afterMs)
  await Promise.allSettled(
    orders.map(async (order) => {
      try {
        const charge = await desk.findCharge(order.id)
        if (charge !== undefined) {
          await desk.settle(charge)
          desk.log.info({ orderId: order.id, charge: charge.status }, 'order settled from the books')
          return
        }
        const reopened = await desk.database.query(
          'UPDATE outbox SET published_at = NULL WHERE order_id = $1',
          [order.id],
        )
        if (reopened.rowCount === 0) await desk.queue.enqueue(desk.writeOrderMessage(order))
        desk.log.info({ orderId: order.id }, 'order will be published again')
      } catch (error) {
        desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
      }
    }),
  )
}
