import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/**
 * Plausible: a stuck order in status `placed` was never begun, so it is enqueued again. An order in
 * status `charging` belongs to a worker. Fails `no-lost-orders`: `charging` only says that a worker
 * began it, and only Redis stored when to retry it.
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
