// Right: both rows are sent on the connection of the transaction at once, the order first. The write ends only when both
// have ended, so nothing of this order runs on the connection after it, and it rejects if either failed: then the
// transaction is rolled back. No message without an order, no order without a message, no Redis.
import type { PlaceOrder } from '#services/api/seams.ts'

export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer } = await shop.sell(request, async (transaction, order) => {
    const results = await Promise.allSettled([
      shop.save(transaction, order),
      shop.outbox.write(transaction, order),
    ])
    for (const result of results) if (result.status === 'rejected') throw result.reason
  })
  return answer
}
