import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { postgresReadOnly } from './postgres-read-only.ts'
import { createStoreWorld, openConnection, storeRequest } from './testing/store-world.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await startTestStores()
  const connection = await openConnection(stores)
  await connection.query('CREATE TABLE orders (id integer)')
  await connection.end()
})
afterAll(async () => await stores[Symbol.asyncDispose]())

/** Writes on a new connection, as a pool does after its old connections ended. */
async function write(): Promise<void> {
  const connection = await openConnection(stores)
  try {
    await connection.query('INSERT INTO orders VALUES (1)')
  } finally {
    await connection.end()
  }
}

async function leftovers(): Promise<number | null> {
  const connection = await openConnection(stores)
  const { rowCount } = await connection.query(
    `SELECT 1 FROM pg_stat_activity WHERE application_name = 'chaos-fault'`,
  )
  await connection.end()
  return rowCount
}

test('writes fail until the heal, and open connections end both times', async () => {
  const before = await openConnection(stores)
  const injected = await postgresReadOnly.inject(
    storeRequest({}, 'postgres'),
    createStoreWorld(stores).context,
  )
  await expect(before.query('SELECT 1')).rejects.toThrow(/terminat|not queryable/)
  await expect(write()).rejects.toThrow('cannot execute INSERT in a read-only transaction')
  const during = await openConnection(stores)
  await injected[Symbol.asyncDispose]()
  await injected[Symbol.asyncDispose]()
  await expect(during.query('SELECT 1')).rejects.toThrow(/terminat|not queryable/)
  await expect(write()).resolves.toBeUndefined()
  await expect.poll(async () => await leftovers()).toBe(0)
})

test('the lease lives in Postgres: writes work again without a heal', async () => {
  await postgresReadOnly.inject(storeRequest({}, 'postgres', 600), createStoreWorld(stores).context)
  await expect(write()).rejects.toThrow('read-only transaction')
  await vi.waitFor(write, { timeout: 10_000 })
})
