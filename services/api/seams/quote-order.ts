import type { QuoteOrder } from '../seams.ts'

/** Reads the price, gives the connection back, and only then asks payments: whoever waits there holds nothing here. */
export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const { priceCents } = await shop.findProduct(shop.database, sku)
  const amountCents = priceCents * quantity
  try {
    const paymentMethods = await shop.askForMethods(amountCents)
    return { sku, quantity, amountCents, paymentMethods, complete: true }
  } catch {
    // A quote with fewer ways to pay is worth more than none.
    return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
  }
}
