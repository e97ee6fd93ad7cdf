// RIGHT. Reads only, and asks no one: every order that is not final and old enough is enqueued, and the ordinary job
// does the rest. It repeats the charge under the same idempotency key, so payments replies with the charge it has
// (captured or declined) and the worker writes the books. An order that still has a job is not enqueued twice (job id).
// No limit and no state, so no order hides another, and whatever is still unfinished is found again in each round.
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

export const reconcile: Reconcile = async (desk) => {
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
      await desk.queue.enqueue(desk.writeOrderMessage(order))
      desk.log.debug({ orderId: order.id }, 'unfinished order enqueued')
    } catch (error) {
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be enqueued')
    }
  }
}
