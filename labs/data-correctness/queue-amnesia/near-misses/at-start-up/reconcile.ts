import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

let rebuilt = false

/**
 * Plausible: the queue is rebuilt from the orders whenever a worker starts, as a cache is warmed, and then it is complete.
 * Must fail no-lost-orders: Redis forgets when Redis wants to, and no worker starts because of it.
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
