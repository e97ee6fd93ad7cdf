// Breaks: "An order is placed while Redis is down or silent, too" and "customers can place orders (it needs Postgres and
// does not need Redis)".
// When: Redis is down or silent: the order and its message are committed, then the extra enqueue rejects, and the
// customer receives 500 for an order that was placed. Nothing is lost, and a patient client's retry with the same key
// gets 201; a client with one attempt sees an outage of the shop, and may order again with another key.
import type { PlaceOrder } from '#services/api/seams.ts'

export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    await shop.outbox.write(transaction, order)
  })
  // The relay has a delay. Tell the worker at once.
  if (order !== undefined) await shop.queue.enqueue(order)
  return answer
}
