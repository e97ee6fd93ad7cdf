// Right: the statement that writes decides. It waits for other transactions on this row, looks at the stock again, and
// subtracts only if enough is left, for any quantity. It is part of the order's transaction: both or neither. A print that
// is returned meanwhile is counted, because no number from an earlier read is written.
import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

export const reserveStock: ReserveStock = async ({ sku, quantity }, database, makeOrder) =>
  await inTransaction(database, async (transaction) =>
    makeOrder(transaction, async () => {
      const { rowCount } = await transaction.query(
        'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2',
        [sku, quantity],
      )
      return rowCount === 1
    }),
  )
