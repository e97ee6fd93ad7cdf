import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { readRedis } from './read-redis.ts'
import type { RedisRequest } from './read-redis.ts'

let stores: TestStores
let redis: Redis
beforeAll(async () => {
  stores = await startTestStores()
  redis = new Redis(stores.redisUrl)
}, 120_000)
beforeEach(async () => void (await redis.flushdb()))
afterAll(async () => {
  redis.disconnect()
  await stores[Symbol.asyncDispose]()
})

const read = async (request: Partial<RedisRequest> = {}) =>
  await readRedis(stores.redisUrl, { keysMax: 1_000, statements: [], ...request })
const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => `e${n}`)

test('every type of Redis has its entries', async () => {
  await redis.set('stock:tea', '7')
  await redis.set('note', 'hello')
  await redis.hset('cart:1', { items: '2', who: 'ann' })
  await redis.rpush('log', 'a', 'b', 'a')
  await redis.sadd('tags', 'red')
  await redis.zadd('rank', 1, 'ann')
  await redis.xadd('events', '5-0', 'kind', 'paid')
  await redis.set('lock:9', 'x', 'EX', 60)
  const { tables, unread, pending } = await read()
  expect([unread, pending]).toEqual([{}, 0])
  const key = ['key', 'entry']
  expect(tables).toEqual({
    'redis stock:tea': { key, rows: [{ key: 'stock:tea', type: 'string', value: 7 }] },
    'redis note': { key, rows: [{ key: 'note', type: 'string', value: 'hello' }] },
    'redis cart:*': { key, rows: [{ key: 'cart:1', type: 'hash', items: 2, who: 'ann' }] },
    'redis log': {
      key,
      rows: ['a', 'b', 'a (2)'].map((entry) => ({ key: 'log', type: 'list', entry })),
    },
    'redis tags': { key, rows: [{ key: 'tags', type: 'set', entry: 'red' }] },
    'redis rank': { key, rows: [{ key: 'rank', type: 'zset', entry: 'ann' }] },
    'redis events': {
      key,
      rows: [{ key: 'events', type: 'stream', entry: '5-0', value: 'kind paid' }],
    },
    'redis lock:*': {
      key,
      rows: [{ key: 'lock:9', type: 'string', value: 'x' }],
      expires: true,
    },
  })
})

test('200 entries are read; a key with more is named, and hides no other key', async () => {
  const more = numbers(201)
  await redis.rpush('list', ...more)
  await redis.sadd('set', ...more)
  await redis.zadd('zset', ...more.flatMap((one, n) => [n, one]))
  for (const one of more) await redis.xadd('stream', '*', 'n', one)
  await redis.hset('hash', Object.fromEntries(numbers(1_001).map((one) => [one, '1'])))
  await redis.sadd('full', ...numbers(200))
  const { tables, unread } = await read()
  expect(Object.keys(tables)).toEqual(['redis full'])
  expect(tables['redis full']?.rows).toHaveLength(200)
  expect(unread).toEqual({
    'redis list': 'list has more than 200 entries',
    'redis set': 'set has more than 200 entries',
    'redis zset': 'zset has more than 200 entries',
    'redis stream': 'stream has more than 200 entries',
    'redis hash': 'hash has more than 1000 fields',
  })
})

test('with more keys than the bound none is read, and statements still are', async () => {
  await redis.mset(...numbers(11).flatMap((key) => [key, '1']))
  const { tables, unread, values } = await read({ keysMax: 10, statements: ['GET e3', 'DBSIZE'] })
  expect(tables).toEqual({})
  expect(unread).toEqual({ redis: 'more than 10 keys' })
  expect(values).toEqual(['1', 11])
})

test('keys of a queue of BullMQ are its unfinished jobs; markers and repeated jobs are none', async () => {
  await redis.set('bull:mail:id', '3')
  await redis.hset('bull:mail:meta', { version: 'bullmq:5' })
  await redis.rpush('bull:mail:wait', '1', '0:1')
  await redis.zadd('bull:mail:delayed', 1, '2', 2, 'repeat:x')
  await redis.hset('bull:mail:1', { name: 'mail' })
  await redis.set('bull:other', 'x')
  const { tables, pending } = await read()
  expect([Object.keys(tables), pending]).toEqual([['redis bull:other'], 2])
})

test('a queue of Bull without any job so far has no key that is read', async () => {
  await redis.set('bull:reports:stalled-check', '179', 'PX', 60_000)
  await redis.set('cart:stalled-check', 'x')
  const { tables, pending } = await read()
  expect([Object.keys(tables), pending]).toEqual([['redis cart:stalled-check'], 0])
})

test.each([
  ['a worker looks for stalled jobs', async () => redis.set('bull:mail:stalled-check', '179')],
  [
    'a worker looks for them now and then',
    async () => redis.set('bull:mail:stalled-check', '179', 'PX', 60_000),
  ],
  [
    'its last job is there',
    async () => redis.hset('bull:mail:3', { name: 'a', data: '{}', opts: '{}', timestamp: '1' }),
  ],
])('keys of a queue of Bull are its unfinished jobs: %s', async (_, sign) => {
  await redis.set('bull:mail:id', '3')
  await sign()
  await redis.rpush('bull:mail:wait', '1')
  await redis.zadd('bull:mail:priority', 5, '1')
  await redis.zadd('bull:mail:completed', 1, '2')
  await redis.hset('bull:mail:2', { attemptsMade: '1' })
  const { tables, pending } = await read()
  expect([Object.keys(tables), pending]).toEqual([[], 1])
})

test('keys that only look like a queue are read as they are', async () => {
  await redis.set('cart:id', '3')
  await redis.hset('cart:3', { name: 'a', data: '{}' })
  const { tables, pending } = await read()
  expect([Object.keys(tables), pending]).toEqual([['redis cart:*', 'redis cart:id'], 0])
})

test('a statement that fails is an error', async () => {
  await redis.set('note', 'hello')
  await expect(read({ statements: ['LLEN note'] })).rejects.toThrow(
    'Redis refused "LLEN note": WRONGTYPE',
  )
})

test('a write during the reading is seen in every key and statement, or in none', async () => {
  const writing = new AbortController()
  const writer = (async () => {
    for (let n = 1; !writing.signal.aborted; n++)
      await redis.mset('a', n, 'm:between', n, 'z', n, `made:${n % 50}`, n)
  })()
  const seen = new Set<unknown>()
  try {
    for (let reading = 0; reading < 200 || seen.size < 2; reading++) {
      const { tables, values } = await read({ statements: ['GET a'] })
      const rows = Object.values(tables).flatMap((table) => table.rows)
      const value = (key: string): unknown => rows.find((row) => row['key'] === key)?.['value']
      const a = value('a')
      if (a === undefined) continue
      expect([value('m:between'), value('z'), Number(values[0])]).toEqual([a, a, a])
      expect(value(`made:${Number(a) % 50}`)).toBe(a)
      seen.add(a)
    }
  } finally {
    writing.abort()
    await writer
  }
}, 90_000)
