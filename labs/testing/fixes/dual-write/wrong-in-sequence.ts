// Breaks: "customers can place orders" and "An order is placed while Redis is down or silent, too."
// When: one order of this instance rejects (a key used for another request, a product that does not exist, one lost
// reply of Postgres): the chain is rejected for ever, and every later order at this instance gets the error of that
// order until a restart. The outbox itself is right, so nothing is lost. One slow order also delays all others.
import type { PlaceOrder } from '#services/api/seams.ts'

/** The outbox must have the messages in the order of the commits: one sale after the other. */
let previous: Promise<unknown> = Promise.resolve()

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
