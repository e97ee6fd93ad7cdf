// Breaks: "After a 201 a worker charges the order" - "whichever message is lost and whichever process dies".
// When: Redis is silent for longer than the three seconds guessed from the story, or the process is killed during the
// retries: the order is committed, its key has a stored 201, and no message exists. A retry at the other instance gets
// 201. Survives two seconds of silence without a kill; each order then waits up to three seconds for Redis.
import type { PlaceOrder } from '#services/api/seams.ts'

/** The network was silent for two seconds. */
const giveUpAfterMs = 3_000

export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
  })
  if (order === undefined) return answer
  const startedAt = Date.now()
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 500)) {
    try {
      await shop.queue.enqueue(order)
      return answer
    } catch (error) {
      if (Date.now() - startedAt > giveUpAfterMs) throw error
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
}
