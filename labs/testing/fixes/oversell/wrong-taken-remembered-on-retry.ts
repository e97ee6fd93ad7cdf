// Breaks: "The order and its stock are written together: both or neither."
// When: the first attempt took the stock and was rolled back afterwards (a refused COMMIT, a cut connection): the retry
// remembers that the stock is taken, does not take it again, and commits the order alone. One print more is sold than
// exists. Without a rollback after `take` it is right, also under load.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

import { wasRolledBack } from '#services/lib/transaction.ts'

const attemptsMax = 3

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) => {
  /** An order takes its stock once, even if its transaction runs again. */
  let taken: boolean | undefined
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(database, async (transaction) => {
        const take = async (): Promise<boolean> => {
          if (taken !== undefined) return taken
          const { rowCount } = await transaction.query(
            'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2',
            [sku, quantity],
          )
          taken = rowCount === 1
          return taken
        }
        return await makeOrder(transaction, take)
      })
    } catch (error) {
      const refused = error instanceof Error && error.name === 'Refusal'
      if (refused || attempt === attemptsMax || !wasRolledBack(error)) throw error
    }
  }
}
