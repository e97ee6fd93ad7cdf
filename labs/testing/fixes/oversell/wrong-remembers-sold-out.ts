// Breaks: '"Sold out" is said only when it is true at that moment ... It says nothing about a smaller order, or about
// later: a declined payment returns its prints.'
// When: somebody wanted 5 while 3 were left: from then on this instance refuses orders of 1, too. Or the last print was
// sold and its payment declined: the print is back, and this instance says "sold out" until it restarts; the other one may
// sell it. Orders of one print without a declined payment are right.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/** After noon everybody still clicks: do not ask the database for something that is gone. */
const soldOut = new Set<string>()

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      if (soldOut.has(sku)) return false
      const { rowCount } = await transaction.query(
        'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2',
        [sku, quantity],
      )
      if (rowCount === 1) return true
      soldOut.add(sku)
      return false
    }
    return await makeOrder(transaction, take)
  })
