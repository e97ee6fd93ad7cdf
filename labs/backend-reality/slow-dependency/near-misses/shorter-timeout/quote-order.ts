import { setTimeout as sleep } from 'node:timers/promises'

import type { QuoteOrder } from '#services/api/seams.ts'

/** How long a customer waits for a quote. */
const patienceMs = 400

/**
 * Plausible: no quote waits long for payments. Fails `availability` of browse requests: it holds a
 * connection for 400 ms, sixteen times as long as without the fault, and the pool is too small for
 * that. The time is shorter, but the quote still holds a connection.
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
