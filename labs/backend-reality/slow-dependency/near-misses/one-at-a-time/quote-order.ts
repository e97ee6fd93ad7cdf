import type { Quote, QuoteDesk, QuoteOrder, QuoteRequest } from '#services/api/seams.ts'

let last: Promise<unknown> = Promise.resolve()

/**
 * Plausible: quotes run one at a time, so they hold one connection at most. Browse requests
 * succeed. Fails `availability` of quotes: one at a time is less than customers request, and the
 * queue in front of it has no limit and no timeout.
 */
export const quoteOrder: QuoteOrder = async (request, shop) => {
  const turn = last.then(async () => await quote(request, shop))
  last = turn.catch(() => {})
  return await turn
}

async function quote({ sku, quantity }: QuoteRequest, shop: QuoteDesk): Promise<Quote> {
  const connection = await shop.database.connect()
  try {
    const { priceCents } = await shop.findProduct(connection, sku)
    const amountCents = priceCents * quantity
    try {
      const paymentMethods = await shop.askForMethods(amountCents)
      return { sku, quantity, amountCents, paymentMethods, complete: true }
    } catch {
      // A quote with fewer payment methods is better than no quote.
      return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
    }
  } finally {
    connection.release()
  }
}
