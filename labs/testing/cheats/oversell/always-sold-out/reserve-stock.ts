import type { ReserveStock } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

/** A shop that sells nothing oversells nothing. */
export const reserveStock: ReserveStock = async (_wanted, database, makeOrder) =>
  await inTransaction(
    database,
    async (transaction) => await makeOrder(transaction, async () => false),
  )
