import type { QuoteOrder } from '#services/api/seams.ts'

/** Task: when payments is slow, quotes are slow and nothing else is. Change this file only. */
export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const connection = await shop.database.connect()
  try {
    const { priceCents } = await shop.findProduct(connection, sku)
    const amountCents = priceCents * quantity
    try {
      const paymentMethods = await shop.askForMethods(amountCents)
      return { sku, quantity, amountCents, paymentMethods, complete: true }
    } catch {
      // A quote with fewer payment methods is better than no quote.
      return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
    }
  } finally {
    connection.release()
  }
}
