// Breaks: "After a 201 a worker charges the order" - "whichever message is lost and whichever process dies".
// When: the api dies, or the message to Postgres is lost, after the COMMIT and before the write to the outbox. The order
// is placed without a message; the customer's retry with the same key gets the stored 201. The transaction is over by
// then, so under load its connection may already belong to another order, and the message goes away with that rollback.
import type { PlaceOrder } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'

export const placeOrder: PlaceOrder = async (request, shop) => {
  let lastTransaction: Transaction | undefined
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    lastTransaction = transaction
    await shop.save(transaction, order)
  })
  // Only an order that was really placed gets a message.
  if (order !== undefined && lastTransaction !== undefined) await shop.outbox.write(lastTransaction, order)
  return answer
}
