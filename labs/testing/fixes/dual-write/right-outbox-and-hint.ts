// Right: the outbox is the promise; the direct enqueue after the commit is only a hint that makes it faster. Nobody waits
// for it, and its failure is ignored on purpose. It is sent after the commit and only for an order that this call placed.
// The worker then may receive two messages about one order; every message is delivered at least once anyway.
import type { PlaceOrder } from '#services/api/seams.ts'

export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    await shop.outbox.write(transaction, order)
  })
  if (order !== undefined)
    Promise.resolve()
      .then(async () => shop.queue.enqueue(order))
      .catch(() => undefined)
  return answer
}
