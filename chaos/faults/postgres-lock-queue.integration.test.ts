import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { postgresLockQueue } from './postgres-lock-queue.ts'
import { createStoreWorld, openConnection, storeRequest } from './testing/store-world.ts'

let stores: TestStores
let connection: Client
let observer: Client
beforeAll(async () => {
  stores = await startTestStores()
  connection = await openConnection(stores)
  observer = await openConnection(stores)
  await connection.query('CREATE TABLE orders (id integer); SET lock_timeout = 100')
})
afterAll(async () => {
  await connection.end()
  await observer.end()
  await stores[Symbol.asyncDispose]()
})

const read = async () => await connection.query('SELECT count(*) FROM orders')
const inject = async (
  params: Parameters<typeof postgresLockQueue.inject>[0]['params'],
  leaseMs?: number,
) =>
  await postgresLockQueue.inject(
    storeRequest(params, 'postgres', leaseMs),
    createStoreWorld(stores).context,
  )
const sessions = async () => {
  const { rowCount } = await observer.query(
    `SELECT FROM pg_stat_activity WHERE application_name = 'chaos-fault'`,
  )
  return rowCount
}

test('even a read waits behind ALTER TABLE, and nothing has changed after the heal', async () => {
  const injected = await inject({})
  await expect(read()).rejects.toMatchObject({ code: '55P03' })
  await injected[Symbol.asyncDispose]()
  await injected[Symbol.asyncDispose]()
  await expect(read()).resolves.toBeDefined()
  const { rows } = await connection.query(
    `SELECT attname FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0`,
  )
  expect(rows).toEqual([{ attname: 'id' }])
  expect(injected.work?.()).toEqual({ what: 'the read of orders', interrupted: false })
  await vi.waitFor(async () => expect(await sessions()).toBe(0), { timeout: 5_000 })
})

test('it is over when the read ends', async () => {
  const injected = await inject({ readFor: '300ms' })
  expect(injected.lastsMs).toBe(300)
  await expect(read()).rejects.toMatchObject({ code: '55P03' })
  await vi.waitFor(read, { timeout: 5_000 })
  await vi.waitFor(async () => expect(await sessions()).toBe(0), { timeout: 5_000 })
  await injected[Symbol.asyncDispose]()
})

test('the read alone blocks no statement', async () => {
  await using _injected = await inject({ ddl: false })
  await expect(read()).resolves.toBeDefined()
  await expect(connection.query('INSERT INTO orders VALUES (1)')).resolves.toBeDefined()
  await expect(
    connection.query('ALTER TABLE orders ADD COLUMN channel text'),
  ).rejects.toMatchObject({ code: '55P03' })
})

test('with a lock_timeout, ALTER TABLE leaves the queue, and comes back only if it retries', async () => {
  await connection.query('SET lock_timeout = 5000')
  await using gaveUp = await inject({ lockTimeout: '100ms' })
  await expect(read()).resolves.toBeDefined()
  await vi.waitFor(async () => expect(await sessions()).toBe(1), { timeout: 5_000 })
  await gaveUp[Symbol.asyncDispose]()
  await using _retries = await inject({ lockTimeout: '100ms', retryAfter: '50ms' })
  await expect(read()).resolves.toBeDefined()
  await connection.query('SET lock_timeout = 20')
  await vi.waitFor(async () => await expect(read()).rejects.toMatchObject({ code: '55P03' }), {
    timeout: 5_000,
    interval: 10,
  })
  await connection.query('SET lock_timeout = 100')
})

test('another session that ends the read is reported', async () => {
  const injected = await inject({ ddl: false })
  const end = async () =>
    await connection.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`,
    )
  // The fault has the lock before its statement reaches Postgres.
  await vi.waitFor(async () => expect((await end()).rowCount).toBe(1), { timeout: 5_000 })
  await vi.waitFor(() => expect(injected.work?.().interrupted).toBe(true), { timeout: 5_000 })
  await injected[Symbol.asyncDispose]()
})

test('the lease lives in Postgres: the queue ends without a heal', async () => {
  await inject({}, 400)
  await expect(read()).rejects.toMatchObject({ code: '55P03' })
  await vi.waitFor(read, { timeout: 10_000 })
  await vi.waitFor(async () => expect(await sessions()).toBe(0), { timeout: 5_000 })
})

test('a table that does not exist is an error, and leaves no connection', async () => {
  await expect(inject({ table: 'oders' })).rejects.toThrow('relation "oders" does not exist')
  await vi.waitFor(async () => expect(await sessions()).toBe(0), { timeout: 5_000 })
})

test('an abort while the read waits for its lock leaves no session', async () => {
  await connection.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
  const abort = new AbortController()
  const { context } = createStoreWorld(stores, abort.signal)
  const injecting = postgresLockQueue.inject(storeRequest({}, 'postgres'), context)
  injecting.catch(() => undefined)
  await vi.waitFor(async () => expect(await sessions()).toBe(1), { timeout: 5_000 })
  abort.abort(new Error('the run was aborted'))
  await expect(injecting).rejects.toThrow('the run was aborted')
  await connection.query('COMMIT')
  await vi.waitFor(async () => expect(await sessions()).toBe(0), { timeout: 5_000 })
})
