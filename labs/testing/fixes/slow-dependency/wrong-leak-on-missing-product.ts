// WRONG. Breaks: "Every quote receives a response" and "nothing else is [slow]".
// When: somebody asks for quotes of products that do not exist. `findProduct` throws before `release()`, the
// connection never returns to the pool; each 404 costs one connection, after five of them (ten in the shop)
// every quote and every uncached product page of this instance fails for good, without any fault.

import type { QuoteOrder } from '#services/api/seams.ts'

export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const connection = await shop.database.connect()
  const { priceCents } = await shop.findProduct(connection, sku)
  // The price is known: give the connection back before payments is asked.
  connection.release()

  const amountCents = priceCents * quantity
  try {
    const paymentMethods = await shop.askForMethods(amountCents)
    return { sku, quantity, amountCents, paymentMethods, complete: true }
  } catch {
    // A quote with fewer payment methods is better than no quote.
    return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
  }
}
