import type { PlaceOrder } from '#services/api/seams.ts'

/** Sends a success response before the queue contains the order. */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
  })
  if (order !== undefined) shop.queue.enqueue(order).catch(() => {})
  return answer
}
