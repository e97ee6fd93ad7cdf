// Breaks "An order that cannot be completed now does not keep the others waiting." One try around the
// whole loop, and the oldest order always comes first: while payments cannot answer for that one
// order (or its settlement fails), every round ends there, and all later orders stay lost.
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
  try {
    const { rows } = await desk.database.query<StuckOrder>(
      `SELECT id, amount_cents AS "amountCents"
       FROM orders
       WHERE status IN ('placed', 'charging')
         AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'
       ORDER BY created_at`,
      [desk.afterMs],
    )
    for (const order of rows) {
      const charge = await desk.findCharge(order.id)
      if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
      else await desk.settle(charge)
      desk.log.info({ orderId: order.id, charge: charge?.status }, 'order reconciled')
    }
  } catch (error) {
    // The next round is in half a second.
    desk.log.warn({ err: error }, 'the reconciler will try again')
  }
}
