import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { postgresLock } from './postgres-lock.ts'
import { createStoreWorld, openConnection, storeRequest } from './testing/store-world.ts'

let stores: TestStores
let connection: Client
beforeAll(async () => {
  stores = await startTestStores()
  connection = await openConnection(stores)
  await connection.query('CREATE TABLE orders (id integer); SET lock_timeout = 200')
})
afterAll(async () => {
  await connection.end()
  await stores[Symbol.asyncDispose]()
})

const write = () => connection.query('INSERT INTO orders VALUES (1)')
const read = () => connection.query('SELECT count(*) FROM orders')

test('writers wait while the table is locked, readers do not', async () => {
  const injected = await postgresLock.inject(
    storeRequest({}, 'postgres'),
    createStoreWorld(stores).context,
  )
  expect(injected.mechanism).toBe('LOCK TABLE orders IN EXCLUSIVE MODE')
  await expect(write()).rejects.toThrow('lock timeout')
  await expect(read()).resolves.toBeDefined()
  await injected[Symbol.asyncDispose]()
  await injected[Symbol.asyncDispose]()
  await expect(write()).resolves.toBeDefined()
})

test('a lock on everything stops readers too', async () => {
  const params = { blocks: 'everything' } as const
  const injected = await postgresLock.inject(
    storeRequest(params, 'postgres'),
    createStoreWorld(stores).context,
  )
  await expect(read()).rejects.toThrow('lock timeout')
  await injected[Symbol.asyncDispose]()
  await expect(read()).resolves.toBeDefined()
})

test('the lease lives in Postgres: the lock ends without a heal', async () => {
  const injected = await postgresLock.inject(
    storeRequest({}, 'postgres', 400),
    createStoreWorld(stores).context,
  )
  await expect(write()).rejects.toThrow('lock timeout')
  await vi.waitFor(write, { timeout: 5_000 })
  await injected[Symbol.asyncDispose]()
})

test('a table that does not exist is an error, and leaves no connection', async () => {
  const order = storeRequest({ table: 'oders' }, 'postgres')
  await expect(postgresLock.inject(order, createStoreWorld(stores).context)).rejects.toThrow(
    'relation "oders" does not exist',
  )
  await vi.waitFor(
    async () => {
      const left = await connection.query(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'chaos-fault'`,
      )
      expect(left.rowCount).toBe(0)
    },
    { timeout: 20_000 },
  )
})

test('an abort ends the wait for the lock at once', async () => {
  await connection.query('BEGIN; LOCK TABLE orders IN EXCLUSIVE MODE')
  const abort = new AbortController()
  const { context } = createStoreWorld(stores, abort.signal)
  const injecting = postgresLock.inject(storeRequest({}, 'postgres'), context)
  injecting.catch(() => undefined)
  const observer = await openConnection(stores)
  await vi.waitFor(
    async () => {
      const waiting = await observer.query(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'chaos-fault' AND wait_event_type = 'Lock'`,
      )
      expect(waiting.rowCount).toBe(1)
    },
    { timeout: 20_000 },
  )
  abort.abort(new Error('the run was aborted'))
  await expect(injecting).rejects.toThrow('the run was aborted')
  await connection.query('COMMIT')
  await expect(write()).resolves.toBeDefined()
  await observer.end()
})
