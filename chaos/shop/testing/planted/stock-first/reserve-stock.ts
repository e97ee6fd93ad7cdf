import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/** Takes the stock before the transaction of the order begins: if the order fails, the stock is gone. */
export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) => {
  const { rowCount } = await database.query(
    'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2',
    [sku, quantity],
  )
  return await inTransaction(
    database,
    async (transaction) => await makeOrder(transaction, async () => rowCount === 1),
  )
}
