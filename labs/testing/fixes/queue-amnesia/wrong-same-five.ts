// WRONG. Breaks "An order that cannot be completed now does not keep the others waiting."
// Every round takes the five oldest stuck orders, and nothing moves a failing one to the back. In the story each
// batch succeeds, so the next five follow. When five orders fail every time (payments cannot answer for them),
// all rounds of both workers see only these five, and every other lost order stays `placed`/`charging`.
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/** Small batches, so that a round never takes longer than the interval. */
const batchSize = 5

export const reconcile: Reconcile = async (desk) => {
  const { rows } = await desk.database.query<StuckOrder>(
    `SELECT id, amount_cents AS "amountCents"
     FROM orders
     WHERE status IN ('placed', 'charging')
       AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY updated_at LIMIT $2`,
    [desk.afterMs, batchSize],
  )
  await Promise.all(
    rows.map(async (order) => {
      try {
        const charge = await desk.findCharge(order.id)
        if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
        else await desk.settle(charge)
        desk.log.info({ orderId: order.id, charge: charge?.status }, 'order reconciled')
      } catch (error) {
        // One failing order must not block the others.
        desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
      }
    }),
  )
}
