import type { Redis } from 'ioredis'

import type { ProductShelf } from '../seams.ts'
import type { Product } from './product.ts'

/**
 * Products in Redis. Each lives for `ttlMs` plus up to a tenth, so entries that were cached
 * together do not expire together.
 */
export function createProductCache(redis: Redis, ttlMs: number): ProductShelf['cache'] {
  const keyOf = (sku: string): string => `product:${sku}`
  return {
    async get(sku) {
      const text = await redis.get(keyOf(sku))
      return text === null ? undefined : (JSON.parse(text) as Product)
    },
    async put(product) {
      const lifetimeMs = Math.round(ttlMs * (1 + Math.random() / 10))
      await redis.set(keyOf(product.sku), JSON.stringify(product), 'PX', lifetimeMs)
    },
  }
}
