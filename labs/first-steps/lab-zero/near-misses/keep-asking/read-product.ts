import { setTimeout as sleep } from 'node:timers/promises'

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

/**
 * Plausible: a cache that does not answer is asked again a few times, and only then the database. Fails `latency`: Redis
 * stays away for longer than any patience, and every read pays for it.
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

  async function ask(sku: string): Promise<Product | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await cache.get(sku)
      } catch (error) {
        cacheFailed(error)
        if (attempt === 5) return undefined
        await sleep(100)
      }
    }
  }

  return async (sku, { fresh }) => {
    if (fresh) return await fetch(sku)
    return (await ask(sku)) ?? (await fetchOnce(sku))
  }
}
