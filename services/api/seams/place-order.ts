import type { PlaceOrder } from '../seams.ts'

/**
 * Stores the order and its message in one transaction. A relay moves the message to the queue
 * afterwards.
 */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    await shop.outbox.write(transaction, order)
  })
  return answer
}
