import type { Transaction } from '#services/lib/database.ts'

import type { Order } from './order.ts'

/** Inserts an order with the status `placed`. */
export async function saveOrder(transaction: Transaction, order: Order): Promise<void> {
  const { id, key, customer, sku, quantity, amountCents, note, lines } = order
  await transaction.query(
    `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status, note, lines)
     VALUES ($1, $2, $3, $4, $5, $6, 'placed', $7, $8)`,
    [id, key, customer, sku, quantity, amountCents, note, JSON.stringify(lines)],
  )
}
