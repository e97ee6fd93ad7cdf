// Breaks: "customers can place orders (it needs Postgres and does not need Redis)".
// When: Redis is down or silent for longer than a client waits: the order and its outbox message are committed, but the
// response waits until Redis is back. Clients time out, requests pile up in the api, and the shop looks down although
// nothing is lost. Two seconds of silence only look slow, and most retries with the same key get the stored 201.
import type { PlaceOrder } from '#services/api/seams.ts'

export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    // In case this process dies before the message is in the queue.
    await shop.outbox.write(transaction, order)
  })
  // A 201 promises that a worker gets the order: do not respond before the queue has it.
  while (order !== undefined) {
    try {
      await shop.queue.enqueue(order)
      break
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return answer
}
