// WRONG. Breaks: "A product that exists is found." (and a 404 is a definite, untrue refusal)
// When: the cache misses or is down and then Postgres fails once, too. The outer catch treats both errors
// alike and returns undefined, which is a 404: the customer is told that a product that exists does not.
// While Postgres works, it behaves perfectly.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()

  async function fetch(sku: string): Promise<Product | undefined> {
    try {
      const product = await load(sku)
      if (product !== undefined) cache.put(product).catch(cacheFailed)
      return product
    } catch (error) {
      cacheFailed(error)
      return undefined
    }
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
      if (cached !== undefined) return cached
    } catch (error) {
      cacheFailed(error)
    }
    return await fetchOnce(sku)
  }
}
