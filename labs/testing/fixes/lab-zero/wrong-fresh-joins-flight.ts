// WRONG. Breaks: "With `?fresh=1` it is the price in Postgres."
// When: a normal read's query is already under way, the price changes and commits, and only then a
// customer asks with ?fresh=1. The fresh read joins the older flight, whose result was read before the
// change: the customer sees the price that is no longer in Postgres. Wrong with Redis and without it.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    if (product !== undefined) cache.put(product).catch(cacheFailed)
    return product
  }

  /** The only way to the database, so that it survives when Redis no longer protects it. */
  async function fetchOnce(sku: string): Promise<Product | undefined> {
    const flight = flights.get(sku) ?? fetch(sku).finally(() => flights.delete(sku))
    flights.set(sku, flight)
    return await flight
  }

  return async (sku, { fresh }) => {
    if (!fresh) {
      try {
        const cached = await cache.get(sku)
        if (cached !== undefined) return cached
      } catch (error) {
        cacheFailed(error)
      }
    }
    return await fetchOnce(sku)
  }
}
