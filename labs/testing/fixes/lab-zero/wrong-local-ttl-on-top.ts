// WRONG. Breaks: "The price is the price in force, at most CACHE_TTL_MS old (10 s ...)".
// When: Redis goes down just after this process copied an entry that was already almost 10 s old in
// Redis. The local copy starts its own 10 s, so the price can be 20 s old. With a 3 s outage and no price
// change nobody notices; after a price change the customer sees the old price for up to 20 s.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

const LOCAL_TTL_MS = 10_000

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()
  /** The last known version of every product, for the time when Redis is down. */
  const local = new Map<string, { product: Product; until: number }>()

  function remember(product: Product): void {
    local.set(product.sku, { product, until: performance.now() + LOCAL_TTL_MS })
  }

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    if (product !== undefined) {
      remember(product)
      cache.put(product).catch(cacheFailed)
    }
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
      if (cached !== undefined) {
        remember(cached)
        return cached
      }
    } catch (error) {
      cacheFailed(error)
      const copy = local.get(sku)
      if (copy !== undefined && copy.until > performance.now()) return copy.product
    }
    return await fetchOnce(sku)
  }
}
