// WRONG. Breaks "Every order that is confirmed to a customer is processed to the end, whatever Redis loses" and
// "It does not matter when Redis loses its data": only orders that have been unchanged for 2.5 to 25 s are found. When
// the workers (or payments) are away for longer than 25 s after the loss, the orders are too old for every
// later round: they stay `placed`/`charging` for good. "On Monday the shop finds out."
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
  const { rows } = await desk.database.query<StuckOrder>(
    `SELECT id, amount_cents AS "amountCents"
     FROM orders
     WHERE status IN ('placed', 'charging')
       -- A bounded range keeps the index scan short, however large the table grows.
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
