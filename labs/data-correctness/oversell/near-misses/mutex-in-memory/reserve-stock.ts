import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/** The latest purchase of each product, to wait for. */
const lastBuyer = new Map<string, Promise<unknown>>()

/**
 * Plausible: one customer at a time, for each product. Fails `stock-conserved`: the queue is in the
 * memory of one process. There are two API instances, and each has a separate queue.
 */
export const reserveStock: ReserveStock = async (wanted, database, makeOrder) => {
  const before = lastBuyer.get(wanted.sku) ?? Promise.resolve()
  const mine = before.then(async () => await buy(wanted, database, makeOrder))
  lastBuyer.set(
    wanted.sku,
    mine.catch(() => undefined),
  )
  return await mine
}

const buy: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) => {
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
  })
