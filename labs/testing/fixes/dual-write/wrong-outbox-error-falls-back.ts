// Breaks: "After a 201 a worker charges the order" - "whichever message is lost and whichever process dies".
// When: the write to the outbox is refused by Postgres (a lock on the table, a timeout of the statement): the savepoint
// undoes only the message, the order is committed, and the queue gets the message directly. If Redis is down, or the
// process is killed before the enqueue, a 201 (or the stored 201 of the retry) has no message anywhere: never charged.
import type { PlaceOrder } from '#services/api/seams.ts'

export const placeOrder: PlaceOrder = async (request, shop) => {
  let announced = true
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    announced = true
    await transaction.query('SAVEPOINT message')
    try {
      await shop.outbox.write(transaction, order)
    } catch (error) {
      // The customer's order matters more than the message: sell it, and use the queue directly.
      console.error('outbox failed', error)
      await transaction.query('ROLLBACK TO SAVEPOINT message')
      announced = false
    }
  })
  if (order !== undefined && !announced)
    await shop.queue.enqueue(order).catch((error: unknown) => {
      console.error('queue failed too', error)
    })
  return answer
}
