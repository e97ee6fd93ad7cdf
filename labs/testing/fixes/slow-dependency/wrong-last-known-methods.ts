// WRONG. Breaks: "A quote is `complete` only with the payment methods that payments gave for this amount."
// When: payments is slow or down and the quote is for another amount than the last one that payments
// answered. The customer sees methods of somebody else's amount (say, instalments for a cup of tea), marked
// as complete. With one product and one quantity nobody notices.

import type { QuoteOrder } from '#services/api/seams.ts'

/** Payment methods hardly ever change, so the last answer is better than our own short list. */
let lastKnown: Awaited<ReturnType<Parameters<QuoteOrder>[1]['askForMethods']>> | undefined

export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const { priceCents } = await shop.findProduct(shop.database, sku)
  const amountCents = priceCents * quantity
  try {
    const paymentMethods = await shop.askForMethods(amountCents)
    lastKnown = paymentMethods
    return { sku, quantity, amountCents, paymentMethods, complete: true }
  } catch {
    if (lastKnown !== undefined) {
      return { sku, quantity, amountCents, paymentMethods: lastKnown, complete: true }
    }
    return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
  }
}
