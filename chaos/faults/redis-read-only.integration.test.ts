import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { redisReadOnly } from './redis-read-only.ts'
import { createFakeRuntime } from './testing/fake-runtime.ts'
import { createStoreWorld, storeRequest } from './testing/store-world.ts'

let stores: TestStores
let redis: Redis
beforeAll(async () => {
  stores = await startTestStores()
  redis = new Redis(stores.redisUrl, { maxRetriesPerRequest: 0 })
  await redis.set('kept', 'before')
})
afterAll(async () => {
  redis.disconnect()
  await stores[Symbol.asyncDispose]()
})

const write = async () => await redis.set('written', String(Date.now()))

test('writes fail on the same connection, reads work, and the data is still there after the heal', async () => {
  const closed = vi.fn<() => void>()
  redis.on('close', closed)
  const { context } = createStoreWorld(stores)
  const injected = await redisReadOnly.inject(storeRequest({}, 'redis'), context)
  await expect(write()).rejects.toThrow(/^READONLY/)
  await expect(redis.eval(`return redis.call('SET', 'written', '1')`, 0)).rejects.toThrow(
    /READONLY/,
  )
  expect(await redis.get('kept')).toBe('before')
  await injected[Symbol.asyncDispose]()
  await injected[Symbol.asyncDispose]()
  await expect(write()).resolves.toBe('OK')
  expect(await redis.get('kept')).toBe('before')
  expect(closed).not.toHaveBeenCalled()
})

test('a command that waits for a message ends with UNBLOCKED', async () => {
  const blocked = new Redis(stores.redisUrl, { maxRetriesPerRequest: 0 })
  const message = blocked.blpop('nothing', 20)
  message.catch(() => undefined)
  await vi.waitFor(async () => expect(await redis.client('LIST')).toContain('cmd=blpop'))
  const { context } = createStoreWorld(stores)
  const injected = await redisReadOnly.inject(storeRequest({}, 'redis'), context)
  await expect(message).rejects.toThrow(/^UNBLOCKED/)
  await injected[Symbol.asyncDispose]()
  blocked.disconnect()
})

test('the lease is in the keeper: writes work again without a heal', async () => {
  const { context } = createStoreWorld(stores)
  await redisReadOnly.inject(storeRequest({}, 'redis', 400), context)
  await expect(write()).rejects.toThrow('READONLY')
  await vi.waitFor(write, { timeout: 10_000 })
})

test('the heal cancels the line of the lease', async () => {
  const cancelled = vi.fn<() => void>()
  const sendLater: TestStores['sendLater'] = async (store, request) => {
    const lease = await stores.sendLater(store, request)
    return {
      [Symbol.asyncDispose]: async () => {
        await lease[Symbol.asyncDispose]()
        cancelled()
      },
    }
  }
  const { context } = createStoreWorld({ ...stores, sendLater })
  const injected = await redisReadOnly.inject(storeRequest({}, 'redis'), context)
  expect(cancelled).not.toHaveBeenCalled()
  await injected[Symbol.asyncDispose]()
  expect(cancelled).toHaveBeenCalledOnce()
})

test('an abort leaves a Redis that accepts writes', async () => {
  const abort = new AbortController()
  const sendLater: TestStores['sendLater'] = async (store, request) => {
    const lease = await stores.sendLater(store, request)
    abort.abort(new Error('the run was aborted'))
    return lease
  }
  const { context } = createStoreWorld({ ...stores, sendLater }, abort.signal)
  await expect(redisReadOnly.inject(storeRequest({}, 'redis'), context)).rejects.toThrow(
    'the run was aborted',
  )
  await expect(write()).resolves.toBe('OK')
})

test('a runtime that cannot end it without the controller refuses it', async () => {
  const runtime = createFakeRuntime()
  expect(redisReadOnly.support?.(runtime).available).toBe(false)
  const { context } = createStoreWorld({ databaseUrl: '', redisUrl: stores.redisUrl })
  await expect(redisReadOnly.inject(storeRequest({}, 'redis'), context)).rejects.toMatchObject({
    status: 501,
  })
})
