// Breaks: "The amount is the price in force times the quantity. A product that does not exist is a 404."
// When: the product does not exist, or the price cannot be read: every error becomes a quote, with an amount of 0 and
// the shop's own payment methods. The customer is offered a product that does not exist, or a mug for nothing.
import type { QuoteOrder } from '#services/api/seams.ts'

export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  let amountCents = 0
  try {
    // No connection is held: the pool lends one for this statement only.
    const { priceCents } = await shop.findProduct(shop.database, sku)
    amountCents = priceCents * quantity
    const paymentMethods = await shop.askForMethods(amountCents)
    return { sku, quantity, amountCents, paymentMethods, complete: true }
  } catch {
    // Every quote receives a response. A quote with fewer payment methods is better than no quote.
    return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
  }
}
