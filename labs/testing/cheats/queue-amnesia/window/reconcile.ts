import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/**
 * Looks for orders that have not changed for 2.5 to 25 seconds. Breaks "It does not matter when": after
 * a longer outage of the workers, the orders are too old.
 */
export const reconcile: Reconcile = async (desk) => {
  const { rows } = await desk.database.query<StuckOrder>(
    `SELECT id, amount_cents AS "amountCents"
     FROM orders
     WHERE status IN ('placed', 'charging')
       AND updated_at BETWEEN clock_timestamp() - $1 * interval '10 milliseconds'
                          AND clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY updated_at`,
    [desk.afterMs],
  )
  for (const order of rows) {
    try {
      const charge = await desk.findCharge(order.id)
      if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
      else await desk.settle(charge)
      desk.log.info({ orderId: order.id, charge: charge?.status }, 'order reconciled')
    } catch (error) {
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}
