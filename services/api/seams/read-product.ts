import type { Product } from '../products/product.ts'
import type { ReadProduct } from '../seams.ts'

/**
 * Reads the cache first, and treats a failed cache as a miss. When many requests miss the same
 * product at once, one of them reads the database and all share its result.
 */
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
    const cached = await cache.get(sku).catch((error: unknown) => {
      cacheFailed(error)
      return undefined
    })
    return cached ?? (await fetchOnce(sku))
  }
}
