import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { postgresKillConnections } from './postgres-kill-connections.ts'
import { createStoreWorld, openConnection, storeRequest } from './testing/store-world.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await startTestStores()
})
afterAll(async () => await stores[Symbol.asyncDispose]())

test('every connection of the shop ends, and a new one can be opened', async () => {
  const connections = [await openConnection(stores), await openConnection(stores)]
  const { context } = createStoreWorld(stores)
  const injected = await postgresKillConnections.inject(storeRequest({}, 'postgres'), context)
  expect(injected.mechanism).toBe('pg_terminate_backend on 2 connections')
  for (const connection of connections)
    await expect(connection.query('SELECT 1')).rejects.toThrow(/terminat|not queryable/)
  await injected[Symbol.asyncDispose]()
  const fresh = await openConnection(stores)
  await expect(fresh.query('SELECT 1')).resolves.toBeDefined()
  await fresh.end()
})
