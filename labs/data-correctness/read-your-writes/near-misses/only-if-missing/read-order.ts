import { findOrder } from '#services/api/orders/find-order.ts'
import type { ReadOrder } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

/**
 * Plausible: if the replica does not have the order yet, or does not respond, the primary does. Fails `responses-are-true`:
 * the primary says `paid`, then the replica receives the order and says `placed`.
 */
export const readOrder: ReadOrder = async ({ orderId }, { primary, replica, log }) => {
  if (replica === undefined) return { order: await findOrder(primary, orderId) }
  try {
    return { order: await findOrder(replica, orderId) }
  } catch (error) {
    if (!(error instanceof Refusal)) log.warn({ err: error }, 'the replica did not respond')
    return { order: await findOrder(primary, orderId) }
  }
}
