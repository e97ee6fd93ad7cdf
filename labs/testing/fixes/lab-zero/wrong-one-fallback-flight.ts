// WRONG. Breaks: "No read returns another product."
// When: Redis is down and two customers look at different products at the same moment. The fallback
// allows one database read at a time and shares it, but forgets which product it is for: the second
// customer receives the first one's product and price. One customer at a time works.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()
  /** Without the cache, at most one read at a time may go to the database. */
  let fallback: Promise<Product | undefined> | undefined

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    if (product !== undefined) cache.put(product).catch(cacheFailed)
    return product
  }

  async function fetchOnce(sku: string): Promise<Product | undefined> {
    const flight = flights.get(sku) ?? fetch(sku).finally(() => flights.delete(sku))
    flights.set(sku, flight)
    return await flight
  }

  return async (sku, { fresh }) => {
    if (fresh) return await fetch(sku)
    try {
      const cached = await cache.get(sku)
      return cached ?? (await fetchOnce(sku))
    } catch (error) {
      cacheFailed(error)
      fallback ??= load(sku).finally(() => {
        fallback = undefined
      })
      return await fallback
    }
  }
}
