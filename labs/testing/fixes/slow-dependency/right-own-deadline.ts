// RIGHT. The connection is returned first, and the quote has its own deadline: after 400 ms the customer
// gets the shop's own methods, `complete: false`. Which of the two it was is decided by one tagged result, so
// the flag cannot disagree with the methods. A late answer or error of payments is consumed and ignored.

import type { QuoteOrder } from '#services/api/seams.ts'

const PATIENCE_MS = 400

export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const { priceCents } = await shop.findProduct(shop.database, sku)
  const amountCents = priceCents * quantity
  const fallback = { paymentMethods: shop.ownMethods, complete: false }

  const methods = await new Promise<typeof fallback>((resolve) => {
    const timer = setTimeout(() => resolve(fallback), PATIENCE_MS)
    shop
      .askForMethods(amountCents)
      .then(
        (paymentMethods) => resolve({ paymentMethods, complete: true }),
        () => resolve(fallback),
      )
      .finally(() => clearTimeout(timer))
  })
  return { sku, quantity, amountCents, ...methods }
}
