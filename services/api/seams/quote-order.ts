import type { QuoteOrder } from '../seams.ts'

/**
 * Reads the price, returns the connection, and only then calls payments: a request that waits for
 * payments holds no connection.
 */
export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const { priceCents } = await shop.findProduct(shop.database, sku)
  const amountCents = priceCents * quantity
  try {
    const paymentMethods = await shop.askForMethods(amountCents)
    return { sku, quantity, amountCents, paymentMethods, complete: true }
  } catch {
    // A quote with fewer payment methods is better than no quote.
    return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
  }
}
