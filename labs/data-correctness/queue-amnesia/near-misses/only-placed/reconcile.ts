import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/**
 * Plausible: an order that rests as `placed` was never begun, so it is queued again; one that is `charging` is in a worker's
 * hands. Must fail no-lost-orders: `charging` says that somebody began. Who was to try again is written in Redis only.
 */
export const reconcile: Reconcile = async (desk) => {
  const { rows } = await desk.database.query<StuckOrder>(
    `UPDATE orders SET updated_at = clock_timestamp()
     WHERE id IN (
       SELECT id FROM orders
       WHERE status = 'placed' AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'
       ORDER BY updated_at LIMIT 100
       FOR UPDATE SKIP LOCKED
     )
     RETURNING id, amount_cents AS "amountCents"`,
    [desk.afterMs],
  )
  for (const order of rows) {
    try {
      await desk.queue.enqueue(desk.writeOrderMessage(order))
    } catch (error) {
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}
