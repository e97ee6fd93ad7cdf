import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/**
 * Must fail stock-conserved. Nothing that was taken is forgotten any more, because Postgres does the subtraction. But the
 * question whether there is enough is still asked before, and the answer is old when the UPDATE runs: stock goes below zero.
 */
export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      const { rows } = await transaction.query<{ stock: number }>(
        'SELECT stock FROM products WHERE sku = $1',
        [sku],
      )
      if ((rows[0]?.stock ?? 0) < quantity) return false
      await transaction.query('UPDATE products SET stock = stock - $2 WHERE sku = $1', [
        sku,
        quantity,
      ])
      return true
    }
    return await makeOrder(transaction, take)
  })
