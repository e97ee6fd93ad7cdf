// Breaks "No read waits for a cache that is down". Redis is silent: the read of the cache has a limit, but the write does
// not, and the response waits for it. With a refused connection the write fails at once.
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
