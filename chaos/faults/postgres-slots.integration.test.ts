import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { withPostgres } from './lib/postgres.ts'
import { postgresSlots } from './postgres-slots.ts'
import { createStoreWorld, openConnection, storeRequest } from './testing/store-world.ts'

let stores: TestStores
let before: Client
beforeAll(async () => {
  stores = await startTestStores()
  before = await openConnection(stores)
})
afterAll(async () => {
  await before.end()
  await stores[Symbol.asyncDispose]()
})

/** Connects as the shop does. */
async function connect(): Promise<void> {
  await (await openConnection(stores)).end()
}

test('the server refuses new connections until the heal, and open ones work', async () => {
  const { context } = createStoreWorld(stores)
  const injected = await postgresSlots.inject(storeRequest({}, 'postgres'), context)
  expect(injected.hit).toBeGreaterThan(150)
  await expect(connect()).rejects.toMatchObject({ code: '53300' })
  await expect(before.query('SELECT 1')).resolves.toBeDefined()
  // Other faults heal and the truth is read with this user.
  const { rows } = await withPostgres(
    stores.databaseUrl,
    async (client) => await client.query('SELECT session_user, current_user'),
  )
  expect(rows).toEqual([{ session_user: 'shop_operator', current_user: 'shop' }])
  await injected[Symbol.asyncDispose]()
  await injected[Symbol.asyncDispose]()
  await vi.waitFor(connect, { timeout: 5_000 })
})

test('a slot that becomes free is taken too', async () => {
  const { context } = createStoreWorld(stores)
  const closed = await openConnection(stores)
  const injected = await postgresSlots.inject(storeRequest({}, 'postgres'), context)
  await closed.end()
  const held = async (): Promise<number> =>
    (await before.query("SELECT FROM pg_stat_activity WHERE application_name = 'chaos-fault'"))
      .rowCount ?? 0
  await vi.waitFor(async () => expect(await held()).toBeGreaterThan(injected.hit ?? 0), {
    timeout: 5_000,
  })
  await expect(connect()).rejects.toMatchObject({ code: '53300' })
  await injected[Symbol.asyncDispose]()
  await noneHeld()
})

test('the requested number of slots stays free', async () => {
  const { context } = createStoreWorld(stores)
  const injected = await postgresSlots.inject(storeRequest({ leave: 2 }, 'postgres'), context)
  const connected: Client[] = []
  await vi.waitFor(async () => connected.push(await openConnection(stores)), { timeout: 5_000 })
  connected.push(await openConnection(stores))
  await expect(connect()).rejects.toMatchObject({ code: '53300' })
  await Promise.all([
    ...connected.map(async (client) => await client.end()),
    injected[Symbol.asyncDispose](),
  ])
  await noneHeld()
})

test('the lease lives in Postgres: it gives every slot back without a heal', async () => {
  const { context } = createStoreWorld(stores)
  const injected = await postgresSlots.inject(storeRequest({}, 'postgres', 1_000), context)
  expect(injected.hit).toBeGreaterThan(0)
  await noneHeld()
})

test('an abort gives every slot back', async () => {
  const abort = new AbortController()
  const { context } = createStoreWorld(stores, abort.signal)
  const injecting = postgresSlots.inject(storeRequest({}, 'postgres'), context)
  abort.abort(new Error('the run was aborted'))
  await expect(injecting).rejects.toThrow('the run was aborted')
  await noneHeld()
})

async function noneHeld(): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rowCount } = await before.query(
        `SELECT FROM pg_stat_activity WHERE application_name = 'chaos-fault'`,
      )
      expect(rowCount).toBe(0)
    },
    { timeout: 20_000 },
  )
}
