// Breaks: "The stock is never below zero" and "Sold prints plus remaining prints equal the initial stock".
// When: a customer wants more than one piece and fewer are left, e.g. 3 wanted and 1 left: the guard only asks whether any
// stock is left. The order is confirmed, the stock is -2, and two prints do not exist. Orders of one print (the story) are
// right, for any number of customers and instances.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      const { rowCount } = await transaction.query(
        'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock > 0',
        [sku, quantity],
      )
      return rowCount === 1
    }
    return await makeOrder(transaction, take)
  })
