import { setTimeout as sleep } from 'node:timers/promises'

import type { QuoteOrder } from '#services/api/seams.ts'

/** What a customer is ready to wait for a quote. */
const patienceMs = 400

/**
 * Plausible: nobody waits long for payments any more. Fails `availability` of browse: 400 ms with a connection in hand is
 * still sixteen times as long as without the fault, and the pool is too small for it. The time got shorter; what is held
 * meanwhile is the same.
 */
export const quoteOrder: QuoteOrder = async ({ sku, quantity }, shop) => {
  const connection = await shop.database.connect()
  try {
    const { priceCents } = await shop.findProduct(connection, sku)
    const amountCents = priceCents * quantity
    const asked = shop.askForMethods(amountCents).catch(() => undefined)
    const paymentMethods = await Promise.race([asked, sleep(patienceMs, undefined)])
    if (paymentMethods !== undefined)
      return { sku, quantity, amountCents, paymentMethods, complete: true }
    return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
  } finally {
    connection.release()
  }
}
