import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/** Nothing is ever oversold that is never sold. */
export const reserveStock: ReserveStock = async (_wanted, database, makeOrder) =>
  await inTransaction(
    database,
    async (transaction) => await makeOrder(transaction, async () => false),
  )
