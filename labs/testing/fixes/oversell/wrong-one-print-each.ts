// Breaks "Sold prints plus remaining prints equal the initial stock" and "fewer are left than this
// customer wants". Everybody in the story wants one print, so one is subtracted. A customer who
// orders three takes one from the stock, and can order three while one is left: two addresses too
// many for the packer.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/** Task: never sell more than the stock, and sell all of it. Change this file only. */
export const reserveStock: ReserveStock = async ({ sku }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      const { rowCount } = await transaction.query(
        'UPDATE products SET stock = stock - 1 WHERE sku = $1 AND stock > 0',
        [sku],
      )
      return rowCount === 1
    }
    return await makeOrder(transaction, take)
  })
