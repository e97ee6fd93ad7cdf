import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { postgresKillConnections } from './postgres-kill-connections.ts'
import { createStoreWorld, openSession, storeRequest } from './testing/store-world.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await startTestStores()
})
afterAll(async () => await stores[Symbol.asyncDispose]())

test('every session of the shop ends, and a new one can be opened', async () => {
  const sessions = [await openSession(stores), await openSession(stores)]
  const { context } = createStoreWorld(stores)
  const injected = await postgresKillConnections.inject(storeRequest({}, 'postgres'), context)
  expect(injected.mechanism).toBe('pg_terminate_backend on 2 sessions')
  for (const session of sessions)
    await expect(session.query('SELECT 1')).rejects.toThrow(/terminat|not queryable/)
  await injected[Symbol.asyncDispose]()
  const fresh = await openSession(stores)
  await expect(fresh.query('SELECT 1')).resolves.toBeDefined()
  await fresh.end()
})
