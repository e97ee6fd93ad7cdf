import type { Database } from '#services/lib/database.ts'
import { inTransaction } from '#services/lib/transaction.ts'

import { changeStatus, moving } from './change-status.ts'

/**
 * Payments declined the charge: the order ends here, and its stock becomes available again. Calling
 * this twice has the same effect as once.
 */
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
