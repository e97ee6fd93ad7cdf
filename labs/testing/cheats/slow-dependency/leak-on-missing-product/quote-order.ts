// Breaks "A connection is free again when its quote has ended, however it ended."
// For a product that does not exist, `findProduct` rejects before `release()`. Each 404 takes one connection out of the
// pool permanently. After five of them every quote of this instance fails, and every product that is not cached.
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
