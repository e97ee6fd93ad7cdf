import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

/**
 * Right, by another design: after a failure the cache is left alone for a while, and reads go to the database at once. The
 * first reads of an outage pay for finding out; nobody else does, also when Redis is silent instead of down.
 */
export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  let askAgainAt = 0
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

  async function ask(sku: string): Promise<Product | undefined> {
    if (Date.now() < askAgainAt) return undefined
    try {
      return await cache.get(sku)
    } catch (error) {
      cacheFailed(error)
      askAgainAt = Date.now() + 500
      return undefined
    }
  }

  return async (sku, { fresh }) => {
    if (fresh) return await fetch(sku)
    return (await ask(sku)) ?? (await fetchOnce(sku))
  }
}
