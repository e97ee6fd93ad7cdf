// Breaks: "The price is the price in force, at most `CACHE_TTL_MS` old (10 s ...)".
// When: Redis stays down and the price of a product changes after this instance has read it once.
// A customer sees the old price for as long as Redis is down, minutes or hours (the map never expires),
// and the two instances show different prices.
import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()
  // What this instance has seen last. Serves while Redis is away, so Postgres is not flooded.
  const lastKnown = new Map<string, Product>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    if (product !== undefined) {
      lastKnown.set(sku, product)
      cache.put(product).catch(cacheFailed)
    }
    return product
  }

  async function fetchOnce(sku: string): Promise<Product | undefined> {
    const flight = flights.get(sku) ?? fetch(sku).finally(() => flights.delete(sku))
    flights.set(sku, flight)
    return await flight
  }

  async function fromCache(sku: string): Promise<Product | undefined> {
    try {
      const product = await cache.get(sku)
      if (product !== undefined) lastKnown.set(sku, product)
      return product
    } catch (error) {
      cacheFailed(error)
      return lastKnown.get(sku)
    }
  }

  return async (sku, { fresh }) => {
    if (fresh) return await fetch(sku)
    return (await fromCache(sku)) ?? (await fetchOnce(sku))
  }
}
