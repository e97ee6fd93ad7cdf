import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

/**
 * Plausible: no error of the cache reaches a customer any more. Fails `availability`: the error is caught one step too far
 * out, where also the way to the database is skipped, and every product is reported as unknown.
 */
export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    // Not awaited: nobody has to wait for the cache to get what is there already.
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
      return (await cache.get(sku)) ?? (await fetchOnce(sku))
    } catch (error) {
      cacheFailed(error)
      return undefined
    }
  }
}
