import type { Queryable } from '#services/lib/database.ts'

export interface StuckOrder {
  readonly id: string
  readonly amountCents: number
}

/**
 * Orders that have not changed for longer than `afterMs`, the oldest first. Their time is set to
 * now: no other reconciler takes the same orders in this round, and a later round finds them again
 * if this one fails.
 */
export async function takeStuckOrders(
  database: Queryable,
  afterMs: number,
): Promise<readonly StuckOrder[]> {
  const { rows } = await database.query<StuckOrder>(
    `UPDATE orders SET updated_at = clock_timestamp()
     WHERE id IN (
       SELECT id FROM orders
       WHERE status IN ('placed', 'charging')
         AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'
       ORDER BY updated_at LIMIT 100
       FOR UPDATE SKIP LOCKED
     )
     RETURNING id, amount_cents AS "amountCents"`,
    [afterMs],
  )
  return rows
}
