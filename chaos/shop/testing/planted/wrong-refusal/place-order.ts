import type { PlaceOrder } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

/** Answers every error with a definite refusal, even if the order was committed. */
export const placeOrder: PlaceOrder = async (request, shop) => {
  try {
    const { answer } = await shop.sell(request, async (transaction, order) => {
      await shop.save(transaction, order)
      await shop.outbox.write(transaction, order)
    })
    return answer
  } catch (cause) {
    throw new Refusal('unavailable', 'Nothing was ordered.', { status: 503, definite: true, cause })
  }
}
