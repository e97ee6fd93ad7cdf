import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

const batchSize = 5

/**
 * Takes the five oldest orders in each round. Breaks "does not keep the others waiting": five orders
 * that fail each time are always the oldest.
 */
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
        desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
      }
    }),
  )
}
