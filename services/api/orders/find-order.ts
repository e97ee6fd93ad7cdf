import type { Queryable } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

/** An order, as its customer sees it. */
export interface OrderView {
  readonly orderId: string
  readonly key: string
  readonly status: string
  readonly sku: string
  readonly quantity: number
  readonly amountCents: number
}

/** Throws a {@link Refusal} if the order does not exist. */
export async function findOrder(database: Queryable, id: string): Promise<OrderView> {
  const { rows } = await database.query<OrderView>(
    `SELECT id AS "orderId", client_key AS key, status, sku, quantity, amount_cents AS "amountCents"
     FROM orders WHERE id = $1`,
    [id],
  )
  const order = rows[0]
  if (order !== undefined) return order
  throw new Refusal('unknown-order', `There is no order ${id}.`, { status: 404, definite: true })
}
