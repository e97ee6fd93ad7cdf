// WRONG. Breaks "an order that is lost a second time is found a second time" and "The next round tries it again".
// A high-water mark in memory: what this worker has looked at once is never looked at again. The first FLUSHALL is
// repaired. If Redis is emptied again before the re-enqueued orders are done, or if payments did not answer
// in the only round that saw an order, the order stays `placed`/`charging` until somebody restarts the workers.
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

/** Outbox rows up to this time have been reconciled. Saves scanning the whole table twice a second. */
let reconciledUpTo = '-infinity'

export const reconcile: Reconcile = async (desk) => {
  const { rows } = await desk.database.query<StuckOrder & { placedAt: string }>(
    `SELECT orders.id, orders.amount_cents AS "amountCents",
            outbox.created_at::text AS "placedAt"
     FROM outbox JOIN orders ON orders.id = outbox.order_id
     WHERE outbox.created_at > $2::timestamptz
       AND orders.status IN ('placed', 'charging')
       AND orders.updated_at < clock_timestamp() - $1 * interval '1 millisecond'
     ORDER BY outbox.created_at LIMIT 100`,
    [desk.afterMs, reconciledUpTo],
  )
  for (const order of rows) {
    reconciledUpTo = order.placedAt
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
