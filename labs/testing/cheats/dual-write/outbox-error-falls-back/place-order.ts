import type { PlaceOrder } from '#services/api/seams.ts'

/**
 * If Postgres rejects the message, it keeps the order and enqueues the message directly. Breaks
 * "After a 201 a worker charges the order" when Redis is down then, or the process dies.
 */
export const placeOrder: PlaceOrder = async (request, shop) => {
  let announced = true
  const { answer, order } = await shop.sell(request, async (transaction, order) => {
    await shop.save(transaction, order)
    announced = true
    await transaction.query('SAVEPOINT message')
    try {
      await shop.outbox.write(transaction, order)
    } catch (error) {
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
