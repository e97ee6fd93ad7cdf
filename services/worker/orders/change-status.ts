import type { Queryable } from '#services/lib/database.ts'

import type { OrderStatus } from './worker-order.ts'

export interface StatusChange {
  readonly orderId: string
  /** The status that the order must have now. */
  readonly from: readonly OrderStatus[]
  readonly to: OrderStatus
  readonly reason?: string
}

/** The statuses that are not final. */
export const moving: readonly OrderStatus[] = ['placed', 'charging']

/**
 * Changes the status if it is still one of `from`, in one statement: a late message changes
 * nothing, and a status never goes back. Returns what was ordered, or undefined if nothing changed.
 */
export async function changeStatus(
  database: Queryable,
  { orderId, from, to, reason }: StatusChange,
): Promise<{ readonly sku: string; readonly quantity: number } | undefined> {
  const { rows } = await database.query<{ sku: string; quantity: number }>(
    `UPDATE orders
     SET status = $3, reason = $4, version = version + 1, updated_at = clock_timestamp()
     WHERE id = $1 AND status = ANY ($2)
     RETURNING sku, quantity`,
    [orderId, from, to, reason ?? null],
  )
  return rows[0]
}
