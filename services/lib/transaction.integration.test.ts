import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { openMuteLink } from '#services/test/mute-link.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'

import { readDatabaseConfig } from './config/database-config.ts'
import { readEnvironment } from './config/environment.ts'
import { Refusal } from './refusal.ts'
import { databasePool } from './seams/database-pool.ts'
import { createLog } from './start/log.ts'
import { inTransaction, wasRolledBack } from './transaction.ts'

let stores: ShopStores
beforeAll(async () => {
  stores = openShopStores(await startTestStores())
})
afterAll(async () => await stores[Symbol.asyncDispose]())
beforeEach(async () => await stores.makeNew())

const openPool = (environment: Readonly<Record<string, string>> = {}) => {
  const read = readEnvironment({ DATABASE_URL: stores.databaseUrl, ...environment })
  const pool = databasePool(readDatabaseConfig(read, 'test'), createLog('test', 'silent'))
  return Object.assign(pool, { [Symbol.asyncDispose]: async () => await pool.end() })
}
const sell = `UPDATE products SET stock = stock - 1 WHERE sku = 'tea'`
const sold = async (): Promise<number> => {
  const { rows } = await stores.database.query<{ n: number }>(
    `SELECT initial_stock - stock AS n FROM products WHERE sku = 'tea'`,
  )
  return rows[0]?.n ?? -1
}
const thrownBy = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => undefined,
    (error: unknown) => error,
  )

test('commits all or nothing, and returns a clean connection', async () => {
  await using pool = openPool({ DATABASE_POOL_MAX: '1' })
  expect(await inTransaction(pool, async (tx) => (await tx.query(sell)).rowCount)).toBe(1)
  const refusal = new Refusal('no', 'No.', { status: 409, definite: true })
  for (const error of [refusal, new Error('own')]) {
    const failing = inTransaction(pool, async (tx) => {
      await tx.query(sell)
      throw error
    })
    expect(await thrownBy(failing)).toBe(error)
    expect(wasRolledBack(error)).toBe(true)
  }
  expect(await thrownBy(inTransaction(pool, async (tx) => await tx.query('SELEC')))).toMatchObject({
    code: '42601',
  })
  expect(await sold()).toBe(1)
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test('a connection to a server that has become read-only does not return to the pool', async () => {
  await using pool = openPool({ DB_CONNECTIONS_MAX: '1' })
  // As the former primary does after a failover, for the sessions that survive it.
  await pool.query('SET default_transaction_read_only = on')
  const refused = await thrownBy(inTransaction(pool, async (tx) => await tx.query(sell)))
  expect(refused).toMatchObject({ code: '25006' })
  expect(wasRolledBack(refused)).toBe(true)
  await inTransaction(pool, async (tx) => await tx.query(sell))
  expect(await sold()).toBe(1)
})

test('no free connection within the limit is a definite error', async () => {
  await using pool = openPool({ DATABASE_POOL_MAX: '1', DATABASE_ACQUIRE_TIMEOUT_MS: '50' })
  const client = await pool.connect()
  const error = await thrownBy(inTransaction(pool, async () => {}))
  client.release()
  expect(error).toMatchObject({ message: expect.stringContaining('timeout') })
  expect(wasRolledBack(error)).toBe(true)
})

test('a COMMIT without a reply has an unknown result', async () => {
  await using link = await openMuteLink(Number(new URL(stores.databaseUrl).port))
  const url = new URL(stores.databaseUrl)
  url.port = String(link.port)
  await using pool = openPool({ DATABASE_URL: url.href, DATABASE_QUERY_TIMEOUT_MS: '200' })
  const error = await thrownBy(
    inTransaction(pool, async (tx) => {
      await tx.query(sell)
      link.mute()
    }),
  )
  expect(error).toMatchObject({ message: 'Query read timeout' })
  expect(wasRolledBack(error)).toBe(false)
})

test('a COMMIT that the server rejects is a definite failure', async () => {
  await using pool = openPool()
  const both = await Promise.allSettled(
    [1, 2].map(
      async () =>
        await inTransaction(
          pool,
          async (tx) => {
            await tx.query(`SELECT sum(stock) FROM products`)
            await tx.query('SELECT pg_sleep(0.1)')
            await tx.query(sell)
          },
          'SERIALIZABLE',
        ),
    ),
  )
  const failed = both.find((result) => result.status === 'rejected')
  expect(failed?.reason).toMatchObject({ code: '40001' })
  expect(wasRolledBack(failed?.reason)).toBe(true)
  expect(await sold()).toBe(1)
})

test('a pool survives the end of its connections, idle or in use', async () => {
  await using pool = openPool()
  await pool.query('SELECT 1')
  const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test'`
  const noticed = new Promise((resolve) => void pool.once('remove', resolve))
  await stores.database.query(kill)
  // The server ends the connection a moment later: a caller that is too fast gets the connection
  // that is about to end.
  await noticed
  const sleeping = thrownBy(
    inTransaction(pool, async (tx) => await tx.query('SELECT pg_sleep(0.7)')),
  )
  const killAsleep = `${kill} AND state = 'active' AND query = 'SELECT pg_sleep(0.7)'`
  await expect
    .poll(async () => (await stores.database.query(killAsleep)).rowCount, { interval: 20 })
    .toBeGreaterThan(0)
  expect(await sleeping).toMatchObject({ code: '57P01' })
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test('the server ends a long statement and an abandoned transaction', async () => {
  await using pool = openPool({ DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS: '100' })
  await expect(pool.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: '57014' })
  const forgotten = await pool.connect()
  const ended = new Promise((resolve) => forgotten.once('error', resolve))
  await forgotten.query('BEGIN')
  expect(await ended).toMatchObject({ code: '25P03' })
  forgotten.release(true)
})
