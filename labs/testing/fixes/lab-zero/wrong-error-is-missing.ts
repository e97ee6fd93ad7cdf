// Breaks: "A product that does not exist is a 404. An error is not a 404."
// When: Redis is down and the read of Postgres fails as well (a timeout, a lost connection).
// A customer (and a search engine) gets "no such product" for a product that exists, instead of an error
// that can be retried.
import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    // Not awaited: a response that is ready must not wait for the cache.
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
      if (cached !== undefined) return cached
    } catch (error) {
      cacheFailed(error)
      // The last resort: whatever the database knows, and never an exception to the customer.
      return await fetchOnce(sku).catch(() => undefined)
    }
    return await fetchOnce(sku)
  }
}
