import { inTransaction } from '#services/lib/transaction.ts'

import type { ReserveStock } from '../seams.ts'

/**
 * Checks and takes the stock in one statement. Postgres lets one transaction at a time change the
 * row, and the next one checks again.
 */
export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      const { rowCount } = await transaction.query(
        'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2',
        [sku, quantity],
      )
      return rowCount === 1
    }
    return await makeOrder(transaction, take)
  })
