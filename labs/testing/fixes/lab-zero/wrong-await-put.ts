// WRONG. Breaks: "No read waits for a cache that is down."
// When: Redis does not refuse but stays silent (a partition, a frozen process). `get` is bounded and falls
// back, but the write into the cache is awaited before the response, also with ?fresh=1: each read waits
// as long as the client lets a command wait. With a refused connection `put` fails at once: no difference.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

const CACHE_WAIT_MS = 50

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    if (product !== undefined) {
      try {
        // Awaited, so that an error is caught here and cannot end the process.
        await cache.put(product)
      } catch (error) {
        cacheFailed(error)
      }
    }
    return product
  }

  async function fetchOnce(sku: string): Promise<Product | undefined> {
    const flight = flights.get(sku) ?? fetch(sku).finally(() => flights.delete(sku))
    flights.set(sku, flight)
    return await flight
  }

  async function lookUp(sku: string): Promise<Product | undefined> {
    let timer: NodeJS.Timeout | undefined
    const tooSlow = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), CACHE_WAIT_MS)
    })
    const answer = cache.get(sku).catch((error: unknown) => {
      cacheFailed(error)
      return undefined
    })
    try {
      return await Promise.race([answer, tooSlow])
    } finally {
      clearTimeout(timer)
    }
  }

  return async (sku, { fresh }) => {
    if (fresh) return await fetch(sku)
    return (await lookUp(sku)) ?? (await fetchOnce(sku))
  }
}
