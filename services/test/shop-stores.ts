import { Redis } from 'ioredis'
import { Pool } from 'pg'

import { prepareDatabase } from '#services/database/prepare.ts'
import type { PrepareOptions } from '#services/database/prepare.ts'

export interface ShopStores extends AsyncDisposable {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly database: Pool
  readonly redis: Redis
  /** Resets everything to the initial state. */
  makeNew(options?: PrepareOptions): Promise<void>
}

/**
 * A Postgres and a Redis for tests of the shop. Disposing also ends the stores that it was given.
 */
export function openShopStores(
  stores: AsyncDisposable & { readonly databaseUrl: string; readonly redisUrl: string },
): ShopStores {
  const database = new Pool({ connectionString: stores.databaseUrl })
  database.on('error', () => {})
  const redis = new Redis(stores.redisUrl)
  redis.on('error', () => {})
  return {
    databaseUrl: stores.databaseUrl,
    redisUrl: stores.redisUrl,
    database,
    redis,
    async makeNew(options) {
      await redis.flushall()
      await prepareDatabase(stores.databaseUrl, options)
    },
    async [Symbol.asyncDispose]() {
      await database.end()
      redis.disconnect()
      await stores[Symbol.asyncDispose]()
    },
  }
}
