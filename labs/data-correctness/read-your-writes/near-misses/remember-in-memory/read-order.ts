import { findOrder } from '#services/api/orders/find-order.ts'
import type { OrderView } from '#services/api/orders/find-order.ts'
import type { ReadOrder } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

const ranks = ['placed', 'charging', 'parked', 'paid', 'rejected', 'refunded']
const seen = new Map<string, number>()

/**
 * Plausible: it remembers what it has shown of each order, and reads the primary if the replica is behind that. Fails
 * `responses-are-true`: the next read goes to the other instance, which remembers nothing.
 */
export const readOrder: ReadOrder = async ({ orderId }, { primary, replica, log }) => {
  if (replica === undefined) return { order: await findOrder(primary, orderId) }
  const copy = await findOrder(replica, orderId).catch((error: unknown) => {
    if (!(error instanceof Refusal)) log.warn({ err: error }, 'the replica did not respond')
    return undefined
  })
  if (copy !== undefined && rankOf(copy) >= (seen.get(orderId) ?? 0)) return show(copy)
  return show(await findOrder(primary, orderId))
}

function show(order: OrderView): { order: OrderView } {
  seen.set(order.orderId, rankOf(order))
  return { order }
}

function rankOf({ status }: OrderView): number {
  return ranks.indexOf(status)
}
