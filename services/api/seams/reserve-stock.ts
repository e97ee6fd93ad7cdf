import type { Reservation, ReserveStock } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/** Looks and takes in one statement: Postgres lets only one buyer at a time change the row, and the others look again. */
export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(
    database,
    async (transaction) =>
      await makeOrder(transaction, async () => await take(transaction, sku, quantity)),
  )

async function take(transaction: Transaction, sku: string, quantity: number): Promise<Reservation> {
  const { rows } = await transaction.query<{ priceCents: number }>(
    `UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2
     RETURNING price_cents AS "priceCents"`,
    [sku, quantity],
  )
  return rows[0] ?? null
}
