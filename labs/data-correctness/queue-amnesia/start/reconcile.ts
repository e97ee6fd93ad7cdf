import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/**
 * Task: every order that is confirmed to a customer is processed to the end, whatever Redis loses.
 * Change this file only.
 */
export const reconcile: Reconcile = async (desk) => {
  const { rows } = await desk.database.query<StuckOrder>(
    `SELECT orders.id, orders.amount_cents AS "amountCents"
     FROM outbox JOIN orders ON orders.id = outbox.order_id
     WHERE outbox.published_at IS NULL
       AND outbox.created_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY outbox.id LIMIT 100`,
    [desk.afterMs],
  )
  for (const order of rows) {
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
