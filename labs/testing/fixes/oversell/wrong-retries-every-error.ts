// Breaks: a general promise of a shop: every request ends with a true response (and "`take` returns whether ... taken").
// When: the transaction fails for a reason that stays: a key that was used for another order (a Refusal), Postgres down.
// Every error is retried for ever: the customer waits without an answer instead of 422 or 503, and each such request keeps
// a loop of transactions running until the process restarts. Conflicts between orders (the story) are right.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) => {
  for (;;) {
    try {
      return await inTransaction(
        database,
        async (transaction) => {
          const take = async (): Promise<boolean> => {
            const { rows } = await transaction.query<{ stock: number }>(
              'SELECT stock FROM products WHERE sku = $1',
              [sku],
            )
            const left = (rows[0]?.stock ?? 0) - quantity
            if (left < 0) return false
            await transaction.query('UPDATE products SET stock = $2 WHERE sku = $1', [sku, left])
            return true
          }
          return await makeOrder(transaction, take)
        },
        'SERIALIZABLE',
      )
    } catch {
      // Another order was faster: try again.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30))
    }
  }
}
