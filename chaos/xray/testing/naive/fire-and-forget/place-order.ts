import type { PlaceOrder } from '#services/api/seams.ts'

/** The customer is told yes before the queue has the order. */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
  })
  if (order !== undefined) shop.queue.enqueue(order).catch(() => {})
  return answer
}
