import type { Queryable } from '#services/lib/database.ts'

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

export async function loadOrder(database: Queryable, id: string): Promise<WorkerOrder | undefined> {
  const { rows } = await database.query<WorkerOrder>(
    'SELECT id, customer, status, note, lines FROM orders WHERE id = $1',
    [id],
  )
  return rows[0]
}
