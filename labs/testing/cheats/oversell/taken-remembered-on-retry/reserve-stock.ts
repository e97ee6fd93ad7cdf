import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'
import { wasRolledBack } from '#services/lib/transaction.ts'

const attemptsMax = 3

/**
 * Takes the stock once, even if the transaction is repeated. Breaks "both or neither": the first
 * attempt was rolled back, and the stock with it.
 */
export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) => {
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
