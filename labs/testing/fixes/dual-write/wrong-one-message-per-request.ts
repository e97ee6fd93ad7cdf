// Breaks: "After a 201 a worker charges the order, once."
// When: the transaction is retried (a deadlock, a serialization failure): `write` runs again, and this version does not
// write the message again, although the first one was rolled back with the first attempt. The order is committed
// without a message: 201, stored response, never charged. Everything with one attempt is right, story included.
import type { PlaceOrder } from '#services/api/seams.ts'

export const placeOrder: PlaceOrder = async (request, shop) => {
  let announced = false
  const { answer } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    // `write` can run more than once: the worker must not receive two messages, or it would charge twice.
    if (announced) return
    await shop.outbox.write(transaction, order)
    announced = true
  })
  return answer
}
