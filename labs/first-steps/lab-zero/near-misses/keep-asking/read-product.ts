import { setTimeout as sleep } from 'node:timers/promises'

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

/**
 * Plausible: it queries a failing cache a few times before it reads from the database. Fails
 * `latency`: Redis is down for longer than all attempts together, and every read pays for them.
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
