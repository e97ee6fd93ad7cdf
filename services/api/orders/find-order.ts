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

const columns = `id AS "orderId", client_key AS key, status, sku, quantity, amount_cents AS "amountCents"`

/** Throws a {@link Refusal} if the order does not exist. */
export async function findOrder(database: Queryable, id: string): Promise<OrderView> {
  const { rows } = await database.query<OrderView>(`SELECT ${columns} FROM orders WHERE id = $1`, [
    id,
  ])
  const order = rows[0]
  if (order !== undefined) return order
  throw unknownOrder(id)
}

export interface PositionedOrder {
  readonly order: OrderView
  /** Everything that the order contains is in the write-ahead log before this position. */
  readonly position: string
}

/** Undefined: this server does not have the order. */
export async function findOrderAt(
  database: Queryable,
  id: string,
  position: 'pg_current_wal_lsn()' | 'pg_last_wal_replay_lsn()',
): Promise<PositionedOrder | undefined> {
  // Postgres takes the snapshot before it executes the function, so the position is never too early.
  const { rows } = await database.query<OrderView & { position: string }>(
    `SELECT ${columns}, ${position}::text AS position FROM orders WHERE id = $1`,
    [id],
  )
  if (rows[0] === undefined) return undefined
  const { position: at, ...order } = rows[0]
  return { order, position: at }
}

export function unknownOrder(id: string): Refusal {
  return new Refusal('unknown-order', `There is no order ${id}.`, { status: 404, definite: true })
}
