// Right: FOR UPDATE locks the product's row until the order's transaction ends and returns what is committed then. Every
// other writer of the stock (orders, returned prints) waits, so the number that is written is still true. If the order
// fails, the stock is rolled back with it.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      const { rows } = await transaction.query<{ stock: number }>(
        'SELECT stock FROM products WHERE sku = $1 FOR UPDATE',
        [sku],
      )
      const left = (rows[0]?.stock ?? 0) - quantity
      if (left < 0) return false
      await transaction.query('UPDATE products SET stock = $2 WHERE sku = $1', [sku, left])
      return true
    }
    return await makeOrder(transaction, take)
  })
