// RIGHT. The pool does the price query, so the connection is back before payments is asked; and a bulkhead
// limits how many quotes wait for payments. One that finds no room is answered at once, `complete: false`.
// Slots are given back in `finally`, so quotes are complete again as soon as payments is.

import type { QuoteOrder } from '#services/api/seams.ts'

/** Far more than the shop needs while payments is healthy: 25 quotes/s x 25 ms is less than one. */
const ASKING_MAX = 40
let asking = 0

export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const { priceCents } = await shop.findProduct(shop.database, sku)
  const amountCents = priceCents * quantity
  const incomplete = { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
  if (asking >= ASKING_MAX) return incomplete

  asking += 1
  try {
    const paymentMethods = await shop.askForMethods(amountCents)
    return { sku, quantity, amountCents, paymentMethods, complete: true }
  } catch {
    return incomplete
  } finally {
    asking -= 1
  }
}
