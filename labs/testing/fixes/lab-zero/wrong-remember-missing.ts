// WRONG. Breaks: "A product that exists is found."
// When: somebody looked for a product before it was added to the shop. The process remembers for good that
// it is missing, to save the database from useless reads while Redis is down; after the product has been
// added this instance still answers 404 (and the other instance may find it).

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()
  /** Nobody should be able to overload the database with products that do not exist. */
  const missing = new Set<string>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    if (product === undefined) missing.add(sku)
    else cache.put(product).catch(cacheFailed)
    return product
  }

  async function fetchOnce(sku: string): Promise<Product | undefined> {
    if (missing.has(sku)) return undefined
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
