// RIGHT. Two functions with one job each: the first owns a connection and ends with it returned, whatever
// happens (also for a 404); the second knows no connection and turns every failure of payments into an
// honest `complete: false`.

import type { QuoteOrder } from '#services/api/seams.ts'

type Request = Parameters<QuoteOrder>[0]
type Desk = Parameters<QuoteOrder>[1]

async function readAmount({ sku, quantity }: Request, shop: Desk): Promise<number> {
  const connection = await shop.database.connect()
  try {
    const { priceCents } = await shop.findProduct(connection, sku)
    return priceCents * quantity
  } finally {
    connection.release()
  }
}

async function findMethods(
  amountCents: number,
  shop: Desk,
): Promise<{ paymentMethods: Desk['ownMethods']; complete: boolean }> {
  try {
    return { paymentMethods: await shop.askForMethods(amountCents), complete: true }
  } catch {
    return { paymentMethods: shop.ownMethods, complete: false }
  }
}

export const quoteOrder: QuoteOrder = async (request, shop) => {
  const amountCents = await readAmount(request, shop)
  const methods = await findMethods(amountCents, shop)
  return { sku: request.sku, quantity: request.quantity, amountCents, ...methods }
}
