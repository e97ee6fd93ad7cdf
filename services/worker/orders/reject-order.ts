import type { Database } from '#services/lib/database.ts'
import { inTransaction } from '#services/lib/transaction.ts'

import { changeStatus, moving } from './change-status.ts'

/** The buyer's payment was declined: the order ends here, and its stock is for others. Doing it twice does it once. */
export async function rejectOrder(database: Database, orderId: string): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const order = await changeStatus(transaction, { orderId, from: moving, to: 'rejected' })
    if (order === undefined) return
    await transaction.query('UPDATE products SET stock = stock + $2 WHERE sku = $1', [
      order.sku,
      order.quantity,
    ])
  })
}
