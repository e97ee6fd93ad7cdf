import type { PlaceOrder } from '#services/api/seams.ts'

/**
 * Writes the message once, even if the transaction is repeated. Breaks "After a 201 a worker charges
 * the order": the first message was rolled back together with the first attempt.
 */
export const placeOrder: PlaceOrder = async (request, shop) => {
  let announced = false
  const { answer } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    if (announced) return
    await shop.outbox.write(transaction, order)
    announced = true
  })
  return answer
}
