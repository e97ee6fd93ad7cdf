// WRONG. Breaks: "Quotes are complete again once payments responds in time again."
// When: payments fails (error, timeout, refused) often enough. A slot of the bulkhead is given back only
// after an answer, not after an error; after 20 failures this instance never asks payments again and every
// quote is incomplete until a restart. Slowness alone (the story) takes no slot away.

import type { QuoteOrder } from '#services/api/seams.ts'

/** 25 quotes per second that wait 600 ms are 15; a few more for bursts. */
const ASKING_MAX = 20
let asking = 0

export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const { priceCents } = await shop.findProduct(shop.database, sku)
  const amountCents = priceCents * quantity
  try {
    if (asking >= ASKING_MAX) throw new Error('too many quotes wait for payments')
    asking += 1
    const paymentMethods = await shop.askForMethods(amountCents)
    asking -= 1
    return { sku, quantity, amountCents, paymentMethods, complete: true }
  } catch {
    return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
  }
}
