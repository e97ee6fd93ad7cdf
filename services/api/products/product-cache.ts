import type { Redis } from 'ioredis'

import { createParser, jsonOf } from '#services/lib/parsing/parser.ts'

import type { ProductShelf } from '../seams.ts'
import { parseProductOf } from './product.ts'
import type { Product } from './product.ts'

/** An entry of an instance whose clock is ahead by more than this is a miss. */
const aheadMaxMs = 1_000

interface ProductCacheOptions {
  readonly ttlMs: number
  readonly load: (sku: string) => Promise<Product | undefined>
  /** The wall clock: several instances compare it. */
  readonly now: () => number
}

/**
 * Products in Redis, and the function that loads them. An entry lives for `ttlMs` plus up to a tenth, so entries that were
 * cached together do not expire together. The life begins before the database reads the row. It does not begin when Redis
 * executes the SET: Redis, the network or the database may be slow, and the entry would then be older than promised.
 */
export function createProductCache(
  redis: Redis,
  { ttlMs, load, now }: ProductCacheOptions,
): Pick<ProductShelf, 'cache' | 'load'> {
  const keyOf = (sku: string): string => `product:${sku}`
  const readAt = new WeakMap<Product, number>()
  const isTooOld = ({ readAtMs }: { readonly readAtMs: number }): boolean =>
    now() - readAtMs > ttlMs * 1.1 || readAtMs - now() > aheadMaxMs
  return {
    load: async (sku) => {
      const startedMs = now()
      const product = await load(sku)
      if (product !== undefined) readAt.set(product, startedMs)
      return product
    },
    cache: {
      async get(sku) {
        const text = await redis.get(keyOf(sku))
        if (text === null) return undefined
        // Anything else under the key is a miss: the entry is then written again.
        const value = jsonOf(text)
        const age = parseAge(value)
        return age !== undefined && isTooOld(age) ? undefined : parseProductOf(sku, value)
      },
      async put(product) {
        const readAtMs = readAt.get(product) ?? now()
        const lifetimeMs = Math.round(ttlMs * (1 + Math.random() / 10)) - (now() - readAtMs)
        // It is too old already.
        if (lifetimeMs <= 0) return
        const entry = JSON.stringify({ ...product, readAtMs })
        await redis.set(keyOf(product.sku), entry, 'PX', lifetimeMs)
      },
    },
  }
}

const parseAge = createParser<{ readonly readAtMs: number }>({
  type: 'object',
  required: ['readAtMs'],
  properties: { readAtMs: { type: 'number' } },
})
