// WRONG. Breaks "It does not matter when Redis loses its data, and how often: an order that is lost a second time is
// found a second time." Each order may be re-enqueued once, by whoever inserts its claim first; the claim is never
// released. The first loss is repaired. After a second FLUSHALL, or if Redis refuses the one enqueue, the claim is
// taken and the order stays `placed` or `charging` for good, on both workers and after restarts.
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
  await desk.database.query(
    `CREATE TABLE IF NOT EXISTS requeued_orders (
       order_id text PRIMARY KEY,
       at timestamptz NOT NULL DEFAULT clock_timestamp()
     )`,
  )
  const { rows } = await desk.database.query<StuckOrder>(
    `SELECT id, amount_cents AS "amountCents"
     FROM orders
     WHERE status IN ('placed', 'charging')
       AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY updated_at`,
    [desk.afterMs],
  )
  for (const order of rows) {
    try {
      const charge = await desk.findCharge(order.id)
      if (charge !== undefined) {
        await desk.settle(charge)
        continue
      }
      // Two workers reconcile at the same time: only the one that wins the insert enqueues.
      const claim = await desk.database.query(
        'INSERT INTO requeued_orders (order_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING order_id',
        [order.id],
      )
      if (claim.rows.length === 0) continue
      await desk.queue.enqueue(desk.writeOrderMessage(order))
      desk.log.info({ orderId: order.id }, 'order enqueued again')
    } catch (error) {
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}
