// RIGHT. The cache is wrapped once in a version that cannot fail: `get` turns errors, synchronous throws
// and 40 ms of silence into a miss, `put` swallows errors in the background. The rest of the code is then as
// simple as in the happy path and cannot forget an error path. Errors of the database still surface.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

const CACHE_WAIT_MS = 40

type Shelf = Parameters<ReadProduct>[0]

interface TotalCache {
  /** Resolves, always and soon. */
  get(sku: string): Promise<Product | undefined>
  put(product: Product): void
}

function neverFailing({ cache, cacheFailed }: Shelf): TotalCache {
  return {
    get: (sku) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          cacheFailed(new Error(`the cache did not answer within ${CACHE_WAIT_MS} ms`))
          resolve(undefined)
        }, CACHE_WAIT_MS)
        void (async () => {
          try {
            resolve(await cache.get(sku))
          } catch (error) {
            cacheFailed(error)
            resolve(undefined)
          } finally {
            clearTimeout(timer)
          }
        })()
      }),
    put: (product) => {
      void (async () => {
        try {
          await cache.put(product)
        } catch (error) {
          cacheFailed(error)
        }
      })()
    },
  }
}

export const readProduct: ReadProduct = (shelf) => {
  const cache = neverFailing(shelf)
  const flights = new Map<string, Promise<Product | undefined>>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await shelf.load(sku)
    if (product !== undefined) cache.put(product)
    return product
  }

  async function fetchOnce(sku: string): Promise<Product | undefined> {
    const flight = flights.get(sku) ?? fetch(sku).finally(() => flights.delete(sku))
    flights.set(sku, flight)
    return await flight
  }

  return async (sku, { fresh }) => {
    if (fresh) return await fetch(sku)
    return (await cache.get(sku)) ?? (await fetchOnce(sku))
  }
}
