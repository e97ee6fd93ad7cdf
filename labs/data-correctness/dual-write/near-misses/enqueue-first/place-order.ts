import type { PlaceOrder } from '#services/api/seams.ts'

/**
 * Plausible: it enqueues before COMMIT, and an order that cannot be enqueued is rolled back. No
 * order is lost. Fails `availability`: no order can be placed while Redis is down, although
 * Postgres works. And a transaction now waits for the network while it holds the lock on the
 * stock's row.
 */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    await shop.queue.enqueue(order)
  })
  return answer
}
