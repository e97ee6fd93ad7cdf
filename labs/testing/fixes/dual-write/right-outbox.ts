// Right: the message is a row in the transaction of the order, so both are committed or neither. The relay moves it to
// the queue after the commit. Nothing depends on Redis or on this process once COMMIT is executed, and if the
// transaction is retried, both writes run again.
import type { PlaceOrder } from '#services/api/seams.ts'

export const placeOrder: PlaceOrder = async (request, shop) => {
  const sale = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    await shop.outbox.write(transaction, order)
  })
  return sale.answer
}
