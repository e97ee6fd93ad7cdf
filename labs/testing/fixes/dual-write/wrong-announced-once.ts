// Breaks "Every order that is confirmed to a customer is processed ... whichever message is lost".
// The process remembers the keys it has announced, but remembers them before the commit. If the
// first attempt rolls back (a lost statement, a failed COMMIT, sold out and stock is back), the
// customer's retry at this instance places the order WITHOUT a message: 201, and never charged.
import type { PlaceOrder } from '#services/api/seams.ts'

const announced = new Set<string>()

/** Task: every order that is confirmed to a customer is processed. Change this file only. */
export const placeOrder: PlaceOrder = async (request, shop) => {
  const { answer } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    // Customers retry with the same key. Never send two messages: no customer is charged twice.
    if (announced.has(request.key)) return
    await shop.outbox.write(transaction, order)
    announced.add(request.key)
  })
  return answer
}
