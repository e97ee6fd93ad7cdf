import type { PlaceOrder } from '#services/api/seams.ts'

/**
 * Plausible: enqueue before COMMIT, and an order that cannot be enqueued is rolled back. Nothing is lost. Fails
 * `availability`: no order can be placed while Redis is away, although Postgres is fine. And a transaction now waits
 * for the network with the stock's row locked.
 */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    await shop.queue.enqueue(order)
  })
  return answer
}
