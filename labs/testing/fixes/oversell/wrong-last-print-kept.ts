// Breaks: "no customer is refused while a print is left" and '"Sold out" is said only when it is true at that moment'.
// When: a customer wants exactly what is left (the last print; 5 of 5): `>` instead of `>=` refuses. The last print is
// never sold, although orders and stock add up. All orders before that are right.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      const { rows } = await transaction.query<{ stock: number }>(
        'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock > $2 RETURNING stock',
        [sku, quantity],
      )
      return rows.length > 0
    }
    return await makeOrder(transaction, take)
  })
