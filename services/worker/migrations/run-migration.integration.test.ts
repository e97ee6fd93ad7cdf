import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { readDatabaseConfig } from '#services/lib/config/database-config.ts'
import { readEnvironment } from '#services/lib/config/environment.ts'
import { databasePool } from '#services/lib/seams/database-pool.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'

import type { Migrate } from '../seams.ts'
import { migrate as ownMigrate } from '../seams/migrate.ts'
import { readMigration } from './orders-channel.ts'
import { runMigrations } from './run-migration.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const limits = { timeout: 20_000, interval: 20 }
const wanted = readMigration('orders-channel')

let stores: ShopStores
const stack = new AsyncDisposableStack()
beforeAll(async () => {
  stores = stack.use(openShopStores(await startTestStores()))
})
afterAll(async () => await stack.disposeAsync())
beforeEach(async () => {
  await stores.makeNew()
  await insertOrders(1, 30)
})

async function insertOrders(from: number, to: number): Promise<void> {
  await stores.database.query(
    `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
     SELECT 'o-' || n, 'o-' || n, 'customer-' || n, 'tea', 1, 450, 'paid' FROM generate_series($1::int, $2) n`,
    [from, to],
  )
}

/** A worker's migrations. Disposing stops them, as the end of the worker does. */
function start(migrate: Migrate, { want = wanted, instance = 'worker-1' } = {}) {
  const read = readEnvironment({ DATABASE_URL: stores.databaseUrl })
  const connection = readDatabaseConfig(read, instance)
  const database = databasePool(connection, log)
  const migrations = runMigrations(want, { database, connection, migrate, log })
  return {
    async [Symbol.asyncDispose]() {
      await migrations.stop()
      await database.end()
    },
  }
}

const state = async () => {
  const { rows } = await stores.database.query<Record<string, unknown>>(
    `SELECT name, instance, finished_at IS NOT NULL AS finished, failed_at IS NOT NULL AS failed, error FROM migrations`,
  )
  return rows[0]
}
const finished = async () =>
  await vi.waitFor(async () => expect(await state()).toMatchObject({ finished: true }), limits)

async function expectComplete(): Promise<void> {
  await stores.database
    .query(`INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
    VALUES ('new', 'new', 'customer-1', 'tea', 1, 450, 'placed')`)
  const { rows } = await stores.database.query(
    `SELECT count(*) FILTER (WHERE channel = channel_of(customer))::int AS old, count(*) FILTER (WHERE channel = 'web')::int AS new,
            (SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_channel'::regclass) AS valid
     FROM orders`,
  )
  expect(rows).toEqual([{ old: 30, new: 1, valid: true }])
}

test('the migration completes behind a report, and no customer waits for it', async () => {
  const report = await stores.database.connect()
  const read = report.query('SELECT count(*), pg_sleep(2) FROM orders')
  const waits: number[] = []
  const customers = (async () => {
    while ((await state())?.['finished'] !== true) {
      const began = performance.now()
      await stores.database.query(`UPDATE orders SET updated_at = now() WHERE id = 'o-7'`)
      waits.push(performance.now() - began)
    }
  })()
  await using _worker = start(ownMigrate)
  await customers
  expect((await read).rowCount).toBe(1)
  report.release()
  await expectComplete()
  expect(waits.length).toBeGreaterThan(5)
  // ALTER TABLE would wait for the rest of the report, and the customers with it.
  expect(Math.max(...waits)).toBeLessThan(1_500)
})

test('a lost connection starts it again, and an index that is not valid is built again', async () => {
  const report = await stores.database.connect()
  await report.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM products')
  await using _worker = start(ownMigrate)
  const builds = `FROM pg_stat_activity WHERE application_name = 'worker-1-migration' AND query LIKE 'CREATE INDEX%'`
  await vi.waitFor(async () => {
    expect((await stores.database.query(`SELECT ${builds}`)).rowCount).toBe(1)
  }, limits)
  await stores.database.query(`SELECT pg_terminate_backend(pid) ${builds}`)
  await report.query('COMMIT')
  report.release()
  await finished()
  await expectComplete()
})

test('the same worker continues it after a restart, although nothing wants it any more', async () => {
  let calls = 0
  const blocked: Migrate = async ({ sleep }) => {
    calls++
    await sleep(60_000)
  }
  const first = start(blocked)
  await vi.waitFor(() => expect(calls).toBe(1), limits)
  await first[Symbol.asyncDispose]()
  expect(await state()).toMatchObject({ instance: 'worker-1', finished: false, failed: false })
  const none = { want: readMigration('none') }
  const other = start(blocked, { ...none, instance: 'worker-2' })
  await other[Symbol.asyncDispose]()
  expect(calls).toBe(1)
  await using _again = start(ownMigrate, none)
  await finished()
  await expectComplete()
})

test('one that gives up has failed, and only a start that wants it tries again', async () => {
  const givesUp: Migrate = async () => await Promise.reject(new Error('lock timeout'))
  const first = start(givesUp)
  await vi.waitFor(async () => expect(await state()).toMatchObject({ failed: true }), limits)
  await first[Symbol.asyncDispose]()
  expect(await state()).toMatchObject({ finished: false, error: 'lock timeout' })
  let calls = 0
  const counts: Migrate = async () => void calls++
  await start(counts, { want: readMigration('none') })[Symbol.asyncDispose]()
  expect(calls).toBe(0)
  await using _again = start(counts)
  await finished()
  expect(calls).toBe(1)
})

test('MIGRATION names a migration', () => {
  expect(readMigration('orders-channel-2')).toEqual({
    name: 'orders-channel-2',
    column: 'channel_2',
    index: 'orders_channel_2',
  })
  expect(() => readMigration('orders-chanel')).toThrow('"orders-chanel"')
})
