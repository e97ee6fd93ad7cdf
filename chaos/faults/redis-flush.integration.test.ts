import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { redisFlush } from './redis-flush.ts'
import { createStoreWorld, storeRequest } from './testing/store-world.ts'

let stores: TestStores
let redis: Redis
beforeAll(async () => {
  stores = await startTestStores()
  redis = new Redis(stores.redisUrl)
})
afterAll(async () => {
  redis.disconnect()
  await stores[Symbol.asyncDispose]()
})

test('Redis loses all data, and the heal does not bring it back', async () => {
  await redis.mset('cache:tea', '1', 'bull:orders:1', '2')
  const { context } = createStoreWorld(stores)
  const injected = await redisFlush.inject(storeRequest({}, 'redis'), context)
  expect(await redis.dbsize()).toBe(0)
  await injected[Symbol.asyncDispose]()
  expect(await redis.dbsize()).toBe(0)
})

test('a Redis that is unreachable is an error at once', async () => {
  const { context } = createStoreWorld({ ...stores, redisUrl: 'redis://127.0.0.1:1' })
  await expect(redisFlush.inject(storeRequest({}, 'redis'), context)).rejects.toThrow(
    /Redis did not do what the fault asked for .*ECONNREFUSED/,
  )
})
