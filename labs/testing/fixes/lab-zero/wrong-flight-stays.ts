// Breaks: "A product that exists is found."
// When: one read of Postgres fails (with or without Redis). The flight is only removed after a success, so
// the rejected promise stays in the map: every later read of this product that misses the cache gets the old
// error, long after Postgres works again, until the instance is restarted.
import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    flights.delete(sku)
    if (product !== undefined) cache.put(product).catch(cacheFailed)
    return product
  }

  async function fetchOnce(sku: string): Promise<Product | undefined> {
    let flight = flights.get(sku)
    if (flight === undefined) {
      flight = fetch(sku)
      flights.set(sku, flight)
    }
    return await flight
  }

  return async (sku, { fresh }) => {
    if (fresh) return await fetch(sku)
    let cached: Product | undefined
    try {
      cached = await cache.get(sku)
    } catch (error) {
      cacheFailed(error)
    }
    return cached ?? (await fetchOnce(sku))
  }
}
