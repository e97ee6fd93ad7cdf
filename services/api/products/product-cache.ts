import type { Redis } from 'ioredis'

import { jsonOf } from '#services/lib/parsing/parser.ts'

import type { ProductShelf } from '../seams.ts'
import { parseProductOf } from './product.ts'

/**
 * Products in Redis. Each lives for `ttlMs` plus up to a tenth, so entries that were cached
 * together do not expire together.
 */
export function createProductCache(redis: Redis, ttlMs: number): ProductShelf['cache'] {
  const keyOf = (sku: string): string => `product:${sku}`
  return {
    async get(sku) {
      const text = await redis.get(keyOf(sku))
      // Anything else under the key is a miss: the entry is then written again.
      return text === null ? undefined : parseProductOf(sku, jsonOf(text))
    },
    async put(product) {
      const lifetimeMs = Math.round(ttlMs * (1 + Math.random() / 10))
      await redis.set(keyOf(product.sku), JSON.stringify(product), 'PX', lifetimeMs)
    },
  }
}
