// WRONG. Breaks: "A quote is `complete` only with the payment methods that payments gave for this amount."
// When: the price changes while a slow payments is being asked. The price is read again afterwards, so the
// amount is up to date, but the methods are those of the old amount, and the quote says `complete: true`.
// The customer may pick a method that payments does not offer for the amount shown.

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
