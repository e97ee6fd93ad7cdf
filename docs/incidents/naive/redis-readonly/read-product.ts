import type { ReadProduct } from '#services/api/seams.ts'

/** A failed cache is a miss. But the product is returned only when the cache has it. */
export const readProduct: ReadProduct =
  ({ cache, load, cacheFailed }) =>
  async (sku, { fresh }) => {
    const cached = fresh ? undefined : await cache.get(sku).catch(cacheFailed)
    if (cached !== undefined) return cached
    const product = await load(sku)
    if (product !== undefined) await cache.put(product)
    return product
  }
