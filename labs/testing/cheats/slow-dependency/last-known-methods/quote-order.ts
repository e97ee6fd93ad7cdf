// Breaks "A quote is `complete` only with the payment methods that payments gave for this amount."
// While payments is slow or down, a quote has the methods of the last amount that payments responded to, and says that it is
// complete: instalments for a cup of tea. With one product and one quantity the mistake has no effect.
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
