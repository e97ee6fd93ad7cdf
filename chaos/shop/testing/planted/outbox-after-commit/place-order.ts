import type { PlaceOrder } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'

/** Writes the message of the order after the COMMIT, on the same connection: a second write. */
export const placeOrder: PlaceOrder = async (request, shop) => {
  let used: Transaction | undefined
  const { answer, order } = await shop.sell(request, async (transaction, saved) => {
    used = transaction
    await shop.save(transaction, saved)
  })
  if (order !== undefined && used !== undefined) await shop.outbox.write(used, order)
  return answer
}
