// WRONG. Breaks: "The price is the price in force, at most CACHE_TTL_MS old".
// When: Redis is down while a product is loaded. The flight is only forgotten once the product is in the
// cache; `put` fails, so the flight stays in the map for good. From then on every read that misses the
// cache (also after Redis is back) gets the price of the first second of the outage. A slow leak too.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    if (product === undefined) {
      flights.delete(sku)
      return undefined
    }
    // The flight ends when the cache has the product: until then others would load it again.
    cache
      .put(product)
      .then(() => flights.delete(sku))
      .catch(cacheFailed)
    return product
  }

  async function fetchOnce(sku: string): Promise<Product | undefined> {
    let flight = flights.get(sku)
    if (flight === undefined) {
      flight = fetch(sku).catch((error: unknown) => {
        flights.delete(sku)
        throw error
      })
      flights.set(sku, flight)
    }
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
