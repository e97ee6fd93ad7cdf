// Breaks: "The queue receives messages about committed orders only."
// When: the message is enqueued inside the transaction, and the transaction then fails (the COMMIT is lost, Postgres
// restarts, api dies before COMMIT, the product is sold out, the transaction is retried). The queue has a message about
// an order that does not exist. A fast worker also reads a message before its order is committed, and finds no order.
// Survives the story: while Redis is silent, the outbox takes the message.
import type { PlaceOrder } from '#services/api/seams.ts'

export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    try {
      await shop.queue.enqueue(order)
    } catch {
      // Redis is down: the relay will deliver it later.
      await shop.outbox.write(transaction, order)
    }
  })
  return answer
}
