import { findOrder } from '#services/api/orders/find-order.ts'
import type { ReadOrder } from '#services/api/seams.ts'

/**
 * Plausible: the primary always has everything. Fails `reads-from-replica`: the replica was added because the primary has no
 * room for the reads.
 */
export const readOrder: ReadOrder = async ({ orderId }, { primary }) => ({
  order: await findOrder(primary, orderId),
})
