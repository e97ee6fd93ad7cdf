// WRONG. Breaks "An order that cannot be completed now does not keep the others waiting. The next round tries it again."
// When payments cannot answer for an order, the error leaves the transaction open and the connection out of the pool.
// The order's row stays locked (SKIP LOCKED skips it from now on, and its job waits for the lock), and each
// failed order takes one connection, until this worker has none left and processes nothing, without an error.
import type { StuckOrder } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile, ReconcileDesk } from '#services/worker/seams.ts'

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
      await reconcileOne(order, desk)
    } catch (error) {
      desk.log.warn({ orderId: order.id, err: error }, 'order could not be reconciled')
    }
  }
}

async function reconcileOne(order: StuckOrder, desk: ReconcileDesk): Promise<void> {
  const client = await desk.database.connect()
  await client.query('BEGIN')
  // One worker at a time decides about one order.
  const locked = await client.query(
    `SELECT 1 FROM orders WHERE id = $1 AND status IN ('placed', 'charging')
     FOR UPDATE SKIP LOCKED`,
    [order.id],
  )
  if (locked.rows.length === 0) {
    await client.query('ROLLBACK')
    client.release()
    return
  }
  const charge = await desk.findCharge(order.id)
  await client.query('UPDATE orders SET updated_at = clock_timestamp() WHERE id = $1', [order.id])
  await client.query('COMMIT')
  client.release()

  if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
  else await desk.settle(charge)
  desk.log.info({ orderId: order.id, charge: charge?.status }, 'order reconciled')
}
