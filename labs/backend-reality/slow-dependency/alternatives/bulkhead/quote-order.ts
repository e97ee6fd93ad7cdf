import type { QuoteOrder } from '#services/api/seams.ts'

/** Of the pool's connections so many may be in the hands of somebody who waits for payments. */
const askingMax = 3
let asking = 0

/**
 * Right, by another design: a bulkhead. Price and ways to pay still belong to one connection, but only a few quotes at a
 * time may wait for payments with it. Whoever finds that part of the pool taken gets a quote without asking.
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
      // A quote with fewer ways to pay is worth more than none.
      return withoutAsking
    }
  } finally {
    if (mayAsk) asking -= 1
    connection.release()
  }
}
