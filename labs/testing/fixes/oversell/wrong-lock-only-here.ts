// Breaks: "Sold prints plus remaining prints equal the initial stock" - "a declined payment returns its prints".
// When: a declined payment returns its print between this SELECT and this UPDATE: the worker does not take the advisory
// lock, and the absolute number overwrites its print. The print is in no order and not in stock: nobody can buy it. Orders
// among each other are right, at any number of instances, so the story without declined payments survives.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      // One order at a time for one product, until the end of the transaction.
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
