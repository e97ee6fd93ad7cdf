// Breaks: "The order and its stock are written together: both or neither."
// When: the order's transaction fails after `take` (the COMMIT is lost, the api dies, Postgres cuts the connection): the
// stock was taken on another connection, in a transaction of its own, and is not returned. Prints vanish: the page says
// "sold out" with prints in the packer's room. It also needs two connections per order, so a full pool waits for itself.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      // In a statement of its own: the product's row is not locked until the order commits.
      const { rowCount } = await database.query(
        'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2',
        [sku, quantity],
      )
      return rowCount === 1
    }
    return await makeOrder(transaction, take)
  })
