// Right: a failed cache is a miss. One line: the error is reported, and `cacheFailed` returns nothing, so the product comes
// from the database.
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
    const cached = await cache.get(sku).catch(cacheFailed)
    return cached ?? (await fetchOnce(sku))
  }
}
