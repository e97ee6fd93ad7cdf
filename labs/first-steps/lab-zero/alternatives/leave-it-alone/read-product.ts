import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

/**
 * Right, by another design: after a failure it skips the cache for a while and reads from the
 * database at once. Only the first reads of an outage pay for the failure, even when Redis is
 * silent instead of down.
 */
export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  let askAgainAt = 0
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
