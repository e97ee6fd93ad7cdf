import type { ReadProduct } from '#services/api/seams.ts'

/** The obvious cache: read it, and on a miss read the database and fill it. Each request does so for itself. */
export const readProduct: ReadProduct =
  ({ cache, load, cacheFailed }) =>
  async (sku, { fresh }) => {
    const cached = fresh ? undefined : await cache.get(sku).catch(cacheFailed)
    if (cached !== undefined) return cached
    const product = await load(sku)
    if (product !== undefined) cache.put(product).catch(cacheFailed)
    return product
  }
