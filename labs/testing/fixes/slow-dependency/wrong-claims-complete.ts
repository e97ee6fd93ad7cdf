// WRONG. Breaks: "Every other quote says `complete: false`."
// When: payments takes longer than 250 ms. The quote falls back to the shop's own methods in time, but the
// fallback goes through the success path and says `complete: true`. The customer believes that there are
// no other payment methods.

import type { QuoteOrder } from '#services/api/seams.ts'

const PATIENCE_MS = 250

export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const { priceCents } = await shop.findProduct(shop.database, sku)
  const amountCents = priceCents * quantity

  let timer: NodeJS.Timeout | undefined
  const ownMethods = new Promise<typeof shop.ownMethods>((resolve) => {
    timer = setTimeout(() => resolve(shop.ownMethods), PATIENCE_MS)
  })
  try {
    const paymentMethods = await Promise.race([shop.askForMethods(amountCents), ownMethods])
    return { sku, quantity, amountCents, paymentMethods, complete: true }
  } catch {
    return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
  } finally {
    clearTimeout(timer)
  }
}
