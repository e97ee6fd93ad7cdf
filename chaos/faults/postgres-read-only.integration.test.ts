import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { postgresReadOnly } from './postgres-read-only.ts'
import { createStoreWorld, openSession, storeRequest } from './testing/store-world.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await startTestStores()
  const session = await openSession(stores)
  await session.query('CREATE TABLE orders (id integer)')
  await session.end()
})
afterAll(async () => await stores[Symbol.asyncDispose]())

/** Writes on a new session, as a pool does after its old sessions ended. */
async function write(): Promise<void> {
  const session = await openSession(stores)
  try {
    await session.query('INSERT INTO orders VALUES (1)')
  } finally {
    await session.end()
  }
}

async function leftovers(): Promise<number | null> {
  const session = await openSession(stores)
  const { rowCount } = await session.query(
    `SELECT 1 FROM pg_stat_activity WHERE application_name = 'chaos-fault'`,
  )
  await session.end()
  return rowCount
}

test('writes fail until the heal, and open sessions end both times', async () => {
  const before = await openSession(stores)
  const injected = await postgresReadOnly.inject(
    storeRequest({}, 'postgres'),
    createStoreWorld(stores).context,
  )
  await expect(before.query('SELECT 1')).rejects.toThrow(/terminat|not queryable/)
  await expect(write()).rejects.toThrow('cannot execute INSERT in a read-only transaction')
  const during = await openSession(stores)
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
