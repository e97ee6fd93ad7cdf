import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/**
 * Orders wait for each other with a lock that no other code takes. Breaks "sold plus remaining": a
 * declined payment returns a print between the SELECT and the UPDATE, and its print is overwritten.
 */
export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [sku])
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
