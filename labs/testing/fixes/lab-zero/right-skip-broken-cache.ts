// RIGHT. A circuit breaker around the cache: an error or 50 ms of silence opens it, then reads go straight
// to Postgres; once every 500 ms a background read, for which nobody waits, looks whether the cache works
// again. No value is kept in the process, so no price gets older than the cache's own limit.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

const CACHE_WAIT_MS = 50
const LOOK_AGAIN_MS = 500

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()
  /** Undefined while the cache works. Otherwise the time of the next look. */
  let nextLook: number | undefined
  let looking = false

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

  async function getInTime(sku: string): Promise<Product | undefined> {
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the cache is silent')), CACHE_WAIT_MS)
    })
    try {
      return await Promise.race([cache.get(sku), silence])
    } finally {
      clearTimeout(timer)
    }
  }

  async function attempt(sku: string): Promise<Product | undefined> {
    try {
      const cached = await getInTime(sku)
      nextLook = undefined
      return cached
    } catch (error) {
      cacheFailed(error)
      nextLook = performance.now() + LOOK_AGAIN_MS
      return undefined
    }
  }

  async function lookUp(sku: string): Promise<Product | undefined> {
    if (nextLook === undefined) return await attempt(sku)
    if (!looking && performance.now() >= nextLook) {
      looking = true
      // `attempt` never rejects.
      void attempt(sku).finally(() => {
        looking = false
      })
    }
    return undefined
  }

  return async (sku, { fresh }) => {
    if (fresh) return await fetch(sku)
    return (await lookUp(sku)) ?? (await fetchOnce(sku))
  }
}
