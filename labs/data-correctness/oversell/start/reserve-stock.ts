import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/** Task: never sell more than the stock, and sell all of it. Change this file only. */
export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      const { rows } = await transaction.query<{ stock: number }>(
        'SELECT stock FROM products WHERE sku = $1',
        [sku],
      )
      const left = (rows[0]?.stock ?? 0) - quantity
      if (left < 0) return false
      await transaction.query('UPDATE products SET stock = $2 WHERE sku = $1', [sku, left])
      return true
    }
    return await makeOrder(transaction, take)
  })
