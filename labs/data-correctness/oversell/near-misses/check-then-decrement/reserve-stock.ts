import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/**
 * Plausible: Postgres does the subtraction, so no decrement is lost. Fails `stock-conserved`: the
 * code still checks before the UPDATE whether there is enough stock. That value is out of date when
 * the UPDATE runs, and the stock falls below zero.
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
