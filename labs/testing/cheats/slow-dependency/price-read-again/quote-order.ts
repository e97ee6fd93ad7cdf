// Breaks "A quote is `complete` only with the payment methods that payments gave for this amount."
// The price is read again after payments has responded. If it has changed meanwhile, the amount is the new one, the methods
// are those of the old one, and the quote says `complete: true`.
import type { QuoteOrder } from '#services/api/seams.ts'

export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const before = await shop.findProduct(shop.database, sku)
  let paymentMethods = shop.ownMethods
  let complete = false
  try {
    paymentMethods = await shop.askForMethods(before.priceCents * quantity)
    complete = true
  } catch {
    // A quote with fewer payment methods is better than no quote.
  }
  // Payments can be slow and no connection was held meanwhile: quote the price that is in force now.
  const { priceCents } = await shop.findProduct(shop.database, sku)
  return { sku, quantity, amountCents: priceCents * quantity, paymentMethods, complete }
}
