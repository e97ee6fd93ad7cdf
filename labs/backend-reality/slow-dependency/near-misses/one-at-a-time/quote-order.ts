import type { Quote, QuoteDesk, QuoteOrder, QuoteRequest } from '#services/api/seams.ts'

let last: Promise<unknown> = Promise.resolve()

/**
 * Plausible: quotes take turns, so that they never hold more than one connection. Browsing is saved. Fails `availability`
 * of quote: one at a time is less than customers ask for, and the queue in front of it has no end and no way out.
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
      // A quote with fewer ways to pay is worth more than none.
      return { sku, quantity, amountCents, paymentMethods: shop.ownMethods, complete: false }
    }
  } finally {
    connection.release()
  }
}
