import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { redisEvict } from './redis-evict.ts'
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

async function evict(params: { share?: number; match?: string }): Promise<string> {
  await redis.flushall()
  for (let i = 0; i < 200; i++) await redis.mset(`cache:${i}`, '1', `bull:${i}`, '1')
  const { context } = createStoreWorld(stores)
  return (await redisEvict.inject(storeRequest(params, 'redis'), context)).mechanism
}

test('a share of the keys is dropped, the same keys for the same seed', async () => {
  const mechanism = await evict({ share: 0.5, match: 'cache:*' })
  const left = (await redis.keys('cache:*')).toSorted()
  expect(mechanism).toBe(`UNLINK: ${200 - left.length} of 200 keys that match cache:* removed`)
  expect(left.length).toBeGreaterThan(60)
  expect(left.length).toBeLessThan(140)
  expect(await redis.keys('bull:*')).toHaveLength(200)
  await evict({ share: 0.5, match: 'cache:*' })
  expect((await redis.keys('cache:*')).toSorted()).toEqual(left)
})

test('without a share all matching keys are dropped, with a share of 0 none', async () => {
  expect(await evict({ match: 'cache:*' })).toContain('200 of 200 keys')
  expect(await redis.keys('*')).toHaveLength(200)
  expect(await evict({})).toContain('400 of 400 keys')
  expect(await evict({ share: 0, match: 'cache:*' })).toContain(' 0 of 200 keys')
  expect(await evict({ match: 'nothing:*' })).toContain(' 0 of 0 keys')
})
