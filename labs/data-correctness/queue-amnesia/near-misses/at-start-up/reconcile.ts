import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

let rebuilt = false

/**
 * Plausible: each worker rebuilds the queue from the orders when it starts, like a cache. Fails
 * `no-lost-orders`: Redis can lose data at any time, and no worker starts because of it.
 */
export const reconcile: Reconcile = async (desk) => {
  if (rebuilt) return
  for (const order of await takeStuckOrders(desk.database, 0)) {
    const charge = await desk.findCharge(order.id)
    if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
    else await desk.settle(charge)
  }
  rebuilt = true
}
