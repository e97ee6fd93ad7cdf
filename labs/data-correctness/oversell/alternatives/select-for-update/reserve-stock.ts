import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/**
 * Right, by another design: the SELECT locks the row, so the next transaction waits until it has
 * changed. FOR UPDATE holds here too. In a shop whose orders refer to their product with a foreign
 * key, each order holds a shared lock on that key: with FOR UPDATE, two transactions would wait for each other.
 */
export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      const { rows } = await transaction.query<{ stock: number }>(
        'SELECT stock FROM products WHERE sku = $1 FOR NO KEY UPDATE',
        [sku],
      )
      const left = (rows[0]?.stock ?? 0) - quantity
      if (left < 0) return false
      await transaction.query('UPDATE products SET stock = $2 WHERE sku = $1', [sku, left])
      return true
    }
    return await makeOrder(transaction, take)
  })
