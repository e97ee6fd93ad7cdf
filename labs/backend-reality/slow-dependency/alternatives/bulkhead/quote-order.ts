import type { QuoteOrder } from '#services/api/seams.ts'

/** How many of the pool's connections may be held by quotes that wait for payments. */
const askingMax = 3
let asking = 0

/**
 * Right, by another design: a bulkhead. Price and payment methods still belong to one connection,
 * but only a few quotes at a time may wait for payments with it. Every other quote skips the
 * request to payments.
 */
export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const connection = await shop.database.connect()
  let mayAsk = false
  try {
    const { priceCents } = await shop.findProduct(connection, sku)
    const amountCents = priceCents * quantity
    const withoutAsking = {
      sku,
      quantity,
      amountCents,
      paymentMethods: shop.ownMethods,
      complete: false,
    }
    mayAsk = asking < askingMax
    if (!mayAsk) return withoutAsking
    asking += 1
    try {
      const paymentMethods = await shop.askForMethods(amountCents)
      return { sku, quantity, amountCents, paymentMethods, complete: true }
    } catch {
      // A quote with fewer payment methods is better than no quote.
      return withoutAsking
    }
  } finally {
    if (mayAsk) asking -= 1
    connection.release()
  }
}
