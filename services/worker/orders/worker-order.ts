import type { Queryable } from '#services/lib/database.ts'
import { createParser } from '#services/lib/parsing/parser.ts'

export type OrderStatus =
  | 'placed'
  | 'charging'
  | 'paid'
  | 'rejected'
  | 'sold-out'
  | 'refunded'
  | 'parked'

/** What the worker must know about an order. */
export interface WorkerOrder {
  readonly id: string
  readonly customer: string
  readonly status: OrderStatus
  readonly note: string | null
  readonly lines: readonly string[]
}

/** Undefined if there is no such order. `unreadable` gives the reason, for the operator. */
export async function loadOrder(
  database: Queryable,
  id: string,
): Promise<WorkerOrder | { readonly unreadable: string } | undefined> {
  const { rows } = await database.query<Omit<WorkerOrder, 'lines'> & { readonly lines: unknown }>(
    'SELECT id, customer, status, note, lines FROM orders WHERE id = $1',
    [id],
  )
  const order = rows[0]
  if (order === undefined) return undefined
  const lines = parseLines(order.lines)
  return lines === undefined ? { unreadable: 'lines are not texts' } : { ...order, lines }
}

const parseLines = createParser<readonly string[]>({ type: 'array', items: { type: 'string' } })
