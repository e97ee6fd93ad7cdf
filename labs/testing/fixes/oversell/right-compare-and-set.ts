// Right: optimistic, without a lock before the write. The UPDATE succeeds only if the stock is still what was read; if it
// is not, somebody else has committed, so the loop reads again (READ COMMITTED: a new snapshot) and always makes progress as
// a whole. "Sold out" is only said after a read that says so. It runs in the order's transaction.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      for (;;) {
        const { rows } = await transaction.query<{ stock: number }>(
          'SELECT stock FROM products WHERE sku = $1',
          [sku],
        )
        const stock = rows[0]?.stock
        if (stock === undefined || stock < quantity) return false
        const { rowCount } = await transaction.query(
          'UPDATE products SET stock = $3 WHERE sku = $1 AND stock = $2',
          [sku, stock, stock - quantity],
        )
        if (rowCount === 1) return true
      }
    }
    return await makeOrder(transaction, take)
  })
