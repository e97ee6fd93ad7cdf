import type { Queryable } from '#services/lib/database.ts'

export interface PaidOrder {
  readonly id: string
  readonly customer: string
  readonly amountCents: number
}

/** Each round takes at most this many, so the comparison leaves payments' capacity to new orders. */
const ordersMax = 20

/** A comparison that has not ended by then is done again, by any worker. */
const againAfter = '30 seconds'

/** Without a look first, an idle shop would run an UPDATE in every round. */
const waiting = `SELECT id FROM orders
  WHERE status = 'paid' AND compare_after < 'infinity' AND compare_after < clock_timestamp()
    AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'
  ORDER BY updated_at LIMIT ${ordersMax}`

/** Paid orders that were not compared yet, for longer than `afterMs`, the oldest first. */
export async function takePaidOrders(
  database: Queryable,
  afterMs: number,
): Promise<readonly PaidOrder[]> {
  const { rows: found } = await database.query(waiting, [afterMs])
  if (found.length === 0) return []
  const { rows } = await database.query<PaidOrder>(
    `UPDATE orders SET compare_after = clock_timestamp() + interval '${againAfter}'
     WHERE id IN (${waiting} FOR UPDATE SKIP LOCKED)
     RETURNING id, customer, amount_cents AS "amountCents"`,
    [afterMs],
  )
  return rows
}

/** False if the order is no longer paid, or another worker has ended its comparison. */
export async function endComparison(transaction: Queryable, orderId: string): Promise<boolean> {
  const { rowCount } = await transaction.query(
    `UPDATE orders SET compare_after = 'infinity'
     WHERE id = $1 AND status = 'paid' AND compare_after < 'infinity'`,
    [orderId],
  )
  return rowCount === 1
}
