import type { PlaceOrder } from '#services/api/seams.ts'

let previous: Promise<unknown> = Promise.resolve()

/**
 * Sells one order after the other, in the sequence of the commits. Breaks "customers can place
 * orders": after one order that fails, the chain is rejected, and so is every later order.
 */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const sale = previous.then(async () =>
    shop.sell(request, async (transaction, order) => {
      await shop.save(transaction, order)
      await shop.outbox.write(transaction, order)
    }),
  )
  previous = sale
  const { answer } = await sale
  return answer
}
