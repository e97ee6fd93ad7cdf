// Breaks: '"Sold out" is said only when it is true at that moment: fewer are left than this customer wants.'
// When: three other orders change the stock between this order's read and its write (many customers in the same few
// milliseconds, a slow link to Postgres): it gives up and returns false, and the customer reads "sold out" with fifty
// prints left. Nothing is oversold. With less competition it is right.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

const triesMax = 3

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
    const take = async (): Promise<boolean> => {
      for (let tries = 0; tries < triesMax; tries++) {
        const { rows } = await transaction.query<{ stock: number }>(
          'SELECT stock FROM products WHERE sku = $1',
          [sku],
        )
        const stock = rows[0]?.stock ?? 0
        if (stock < quantity) return false
        // Only if nobody was faster.
        const { rowCount } = await transaction.query(
          'UPDATE products SET stock = $3 WHERE sku = $1 AND stock = $2',
          [sku, stock, stock - quantity],
        )
        if (rowCount === 1) return true
      }
      return false
    }
    return await makeOrder(transaction, take)
  })
