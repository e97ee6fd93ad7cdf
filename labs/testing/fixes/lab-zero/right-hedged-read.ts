// RIGHT. Hedge: if the cache has not answered within 20 ms, or fails, or misses, the database is read; the
// first answer wins. An error of the cache (also a synchronous one) is only a reason to read the database; an
// error of the database is an error, never a 404. Nobody waits for a silent cache.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

const HEDGE_AFTER_MS = 20

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

  function readHedged(sku: string): Promise<Product | undefined> {
    return new Promise((resolve, reject) => {
      let askedDatabase = false
      function askDatabase(): void {
        clearTimeout(timer)
        if (askedDatabase) return
        askedDatabase = true
        fetchOnce(sku).then(resolve, reject)
      }
      const timer = setTimeout(askDatabase, HEDGE_AFTER_MS)
      // In an async function, so that a synchronous throw is a rejection, too.
      const lookUp = async (): Promise<Product | undefined> => await cache.get(sku)
      lookUp().then(
        (cached) => {
          if (cached === undefined) {
            askDatabase()
          } else {
            clearTimeout(timer)
            resolve(cached)
          }
        },
        (error: unknown) => {
          cacheFailed(error)
          askDatabase()
        },
      )
    })
  }

  return async (sku, { fresh }) => (fresh ? await fetch(sku) : await readHedged(sku))
}
