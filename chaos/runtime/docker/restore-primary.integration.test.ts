import { afterAll, beforeAll, expect, test } from 'vitest'

import { withPostgres } from '#chaos/faults/lib/postgres.ts'
import { withRedis } from '#chaos/faults/lib/redis.ts'

import { startTestStores } from '../local/testing/test-stores.ts'
import type { TestStores } from '../local/testing/test-stores.ts'
import { restorePrimary } from './restore-primary.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await startTestStores()
})
afterAll(async () => await stores[Symbol.asyncDispose]())

test('a former primary of Postgres accepts writes again', async () => {
  const store = { name: 'postgres', portOffset: 1 } as const
  const url = stores.databaseUrl
  expect(await restorePrimary(store, url)).toBe(false)
  await withPostgres(url, async (client) => {
    await client.query('ALTER SYSTEM SET default_transaction_read_only = on')
    await client.query('SELECT pg_reload_conf()')
  })
  const read = () =>
    withPostgres(
      url,
      async (client) => (await client.query('SHOW default_transaction_read_only')).rows,
      { options: '' },
    )
  await expect.poll(read).toEqual([{ default_transaction_read_only: 'on' }])
  expect(await restorePrimary(store, url)).toBe(true)
  await expect.poll(read).toEqual([{ default_transaction_read_only: 'off' }])
})

test('a former primary of Redis accepts writes again', async () => {
  const store = { name: 'redis', portOffset: 1 } as const
  const url = stores.redisUrl
  expect(await restorePrimary(store, url)).toBe(false)
  await withRedis(url, async (redis) => await redis.call('REPLICAOF', '127.0.0.1', '1'))
  expect(await restorePrimary(store, url)).toBe(true)
  await withRedis(url, async (redis) => expect(await redis.set('a', '1')).toBe('OK'))
})
