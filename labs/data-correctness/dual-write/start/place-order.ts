import type { PlaceOrder } from '#services/api/seams.ts'

/** Task: every order that is confirmed to a customer is processed. Change this file only. */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
  })
  if (order !== undefined) await shop.queue.enqueue(order)
  return answer
}
