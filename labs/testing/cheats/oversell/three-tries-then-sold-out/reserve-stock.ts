import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

const triesMax = 3

/**
 * Tries three times to change the stock before another customer does, and then returns false. Breaks
 * "sold out is said only when it is true" under load.
 */
export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      for (let tries = 0; tries < triesMax; tries++) {
        const { rows } = await transaction.query<{ stock: number }>(
          'SELECT stock FROM products WHERE sku = $1',
          [sku],
        )
        const stock = rows[0]?.stock ?? 0
        if (stock < quantity) return false
        const { rowCount } = await transaction.query(
          'UPDATE products SET stock = $3 WHERE sku = $1 AND stock = $2',
          [sku, stock, stock - quantity],
        )
        if (rowCount === 1) return true
      }
      return false
    }
    return await makeOrder(transaction, take)
  })
