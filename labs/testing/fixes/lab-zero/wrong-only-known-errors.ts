// WRONG. Breaks: "Customers can look at products while Redis is down ... reads must work without it."
// When: Redis fails in another way than a refused connection: a command that times out because the link
// is silent, or `LOADING Redis is loading the dataset in memory` right after the restart. Those errors are
// not in the list, are thrown again, and the customer sees a 500. A refused connection (the story) works.

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

/** Redis is not there. Any other error is a bug, and a bug should be visible. */
function isDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = (error as { code?: unknown }).code
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE') return true
  return /ECONNREFUSED|ECONNRESET|EPIPE|Connection is closed|Stream isn't writeable/u.test(error.message)
}

export const readProduct: ReadProduct = ({ cache, load, cacheFailed }) => {
  const flights = new Map<string, Promise<Product | undefined>>()

  async function fetch(sku: string): Promise<Product | undefined> {
    const product = await load(sku)
    if (product !== undefined) cache.put(product).catch(cacheFailed)
    return product
  }

  async function fetchOnce(sku: string): Promise<Product | undefined> {
    const flight = flights.get(sku) ?? fetch(sku).finally(() => flights.delete(sku))
    flights.set(sku, flight)
    return await flight
  }

  async function lookUp(sku: string): Promise<Product | undefined> {
    try {
      return await cache.get(sku)
    } catch (error) {
      cacheFailed(error)
      if (isDown(error)) return undefined
      throw error
    }
  }

  return async (sku, { fresh }) => {
    if (fresh) return await fetch(sku)
    return (await lookUp(sku)) ?? (await fetchOnce(sku))
  }
}
