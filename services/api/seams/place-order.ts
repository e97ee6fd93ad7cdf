import type { PlaceOrder } from '../seams.ts'

/** The order and the message about it are kept in one transaction; a relay moves the message to the queue afterwards. */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    await shop.outbox.write(transaction, order)
  })
  return answer
}
