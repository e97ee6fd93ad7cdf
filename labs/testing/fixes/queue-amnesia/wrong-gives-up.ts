// WRONG. Breaks "An order is rejected only if they have it as declined" (and "The next round tries it again").
// After five failed tries the order is rejected so that it no longer occupies a round. Fine in the story, where payments
// is away for 1.6 s. When payments' books cannot be read for some seconds longer, confirmed orders become `rejected`
// although payments declined nothing, and may even have captured the money: charged, but told "rejected".
import { takeStuckOrders } from '#services/worker/orders/stuck-orders.ts'
import type { Reconcile } from '#services/worker/seams.ts'

const triesMax = 5
const tries = new Map<string, number>()

export const reconcile: Reconcile = async (desk) => {
  const orders = await takeStuckOrders(desk.database, desk.afterMs)
  await Promise.all(
    orders.map(async (order) => {
      try {
        const charge = await desk.findCharge(order.id)
        if (charge === undefined) await desk.queue.enqueue(desk.writeOrderMessage(order))
        else await desk.settle(charge)
        tries.delete(order.id)
      } catch (error) {
        const failed = (tries.get(order.id) ?? 0) + 1
        tries.set(order.id, failed)
        desk.log.warn({ orderId: order.id, err: error, failed }, 'order could not be reconciled')
        if (failed < triesMax) return
        // Poison: do not let it come back for ever.
        tries.delete(order.id)
        await desk.database.query(
          `UPDATE orders SET status = 'rejected', updated_at = clock_timestamp()
           WHERE id = $1 AND status IN ('placed', 'charging')`,
          [order.id],
        )
        desk.log.error({ orderId: order.id }, 'order given up')
      }
    }),
  )
}
