// Breaks: "After a 201 a worker charges the order" - "whichever process dies".
// When: the orders of the first half second of silence were sold before the flag was set; they are only in the memory
// of this process. If it is killed before Redis is back, they are lost: their retries get the stored 201 from the other
// instance. Also a kill between COMMIT and a healthy enqueue loses an order, without any fault of Redis.
import type { PlaceOrder } from '#services/api/seams.ts'

let redisIsDown = false

export const placeOrder: PlaceOrder = async (request, shop) => {
  let inOutbox = false
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    inOutbox = redisIsDown
    await shop.save(transaction, order)
    if (inOutbox) await shop.outbox.write(transaction, order)
  })
  if (order === undefined || inOutbox) return answer
  try {
    await shop.queue.enqueue(order)
  } catch {
    redisIsDown = true
    void retryUntilSent(async () => shop.queue.enqueue(order))
  }
  return answer
}

const retryUntilSent = async (send: () => Promise<void>): Promise<void> => {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 250))
    try {
      await send()
      redisIsDown = false
      return
    } catch {
      // Redis is still down.
    }
  }
}
