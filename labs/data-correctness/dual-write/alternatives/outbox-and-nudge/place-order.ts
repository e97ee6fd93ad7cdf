import type { PlaceOrder } from '#services/api/seams.ts'

/**
 * Right, by another design: the outbox guarantees the delivery, and an enqueue right after the
 * commit is only a shortcut that may fail. Orders are processed sooner, but most of them cause a
 * second message.
 */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    await shop.outbox.write(transaction, order)
  })
  // Not awaited: the customer does not wait for Redis. The relay delivers the message in any case.
  if (order !== undefined) shop.queue.enqueue(order).catch(() => {})
  return answer
}
