import type { PoolClient } from 'pg'

import type { Database } from '#services/lib/database.ts'
import type { DatabasePool } from '#services/lib/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { Breach, ProbeTools, SeamContract } from '../contract-probe.ts'
import { openFakePostgres } from '../fakes/fake-postgres.ts'
import type { FakePostgres } from '../fakes/fake-postgres.ts'

const again =
  'When the network works again, the API works again, whatever happened to its connections.'
const noRestart = 'No other customer may notice, and no instance should restart.'
const log = { debug() {}, info() {}, warn() {}, error() {} }
const connectionsMax = 3
/** Longer than every limit of the lab together. */
const recoversWithinMs = 30_000

export const databasePoolContract: SeamContract<DatabasePool> = {
  lab: 'half-open',
  time: 'sockets',
  probes: [
    {
      name: 'connections in use by orders become silent: orders and reads work again',
      promise: again,
      run: async (tools) =>
        await recovers(tools, async (pool, postgres) => {
          const orders = await borrow(pool)
          postgres.silence()
          for (const order of orders) void endOrder(order)
        }),
    },
    {
      name: 'idle connections become silent: orders and reads work again',
      promise: again,
      run: async (tools) =>
        await recovers(tools, async (pool, postgres) => {
          for (const order of await borrow(pool)) order.release()
          postgres.silence()
        }),
    },
    {
      name: 'idle connections are reset: the process survives',
      promise: noRestart,
      run: async (tools) =>
        await recovers(tools, async (pool, postgres) => {
          for (const order of await borrow(pool)) order.release()
          postgres.reset()
        }),
    },
    {
      name: 'connections in use by orders are reset: the process survives',
      promise: noRestart,
      run: async (tools) =>
        await recovers(tools, async (pool, postgres) => {
          const orders = await borrow(pool)
          postgres.reset()
          await tools.sleep(500)
          for (const order of orders) void endOrder(order)
        }),
    },
  ],
}

type Connection = PoolClient

/** Opens every connection of the pool, each in a transaction. */
async function borrow(pool: Database): Promise<readonly Connection[]> {
  return await Promise.all(
    Array.from({ length: connectionsMax }, async () => {
      const connection = await pool.connect()
      await connection.query('BEGIN')
      return connection
    }),
  )
}

/** As the shop ends a transaction: a connection whose statement failed is not used again. */
async function endOrder(connection: Connection): Promise<void> {
  try {
    await connection.query('COMMIT')
    connection.release()
  } catch {
    connection.release(true)
  }
}

async function recovers(
  tools: ProbeTools<DatabasePool>,
  breakConnections: (pool: Database, postgres: FakePostgres) => Promise<void>,
): Promise<Breach | undefined> {
  const databasePool = await tools.load()
  await using postgres = await openFakePostgres()
  const pool = databasePool(configOf(postgres.url), log)
  const broken = await tools.call(
    async () => await breakConnections(pool, postgres),
    recoversWithinMs,
  )
  if (broken.how !== 'returned')
    return { expected: 'a connection of the pool, before any fault', actual: endInWords(broken) }
  const end = await tools.call(async () => await worksAgain(pool, tools), recoversWithinMs)
  pool.end().catch(() => undefined)
  if (tools.crash() !== undefined)
    return {
      expected: 'the process survives',
      actual: `the process ended with ${inWords(tools.crash())}`,
    }
  if (end.how === 'returned') return undefined
  return {
    expected: `orders and reads succeed within ${recoversWithinMs / 1_000} s`,
    actual: end.how === 'never' ? 'they never did' : endInWords(end),
  }
}

/** Tries until as many reads and orders in a row succeed as the pool has connections, all at once. */
async function worksAgain(pool: Database, { sleep }: ProbeTools<DatabasePool>): Promise<void> {
  const read = async (): Promise<void> => void (await pool.query('SELECT 1'))
  const order = async (): Promise<void> => {
    const connection = await pool.connect()
    try {
      await connection.query('BEGIN')
      await connection.query('COMMIT')
      connection.release()
    } catch (error) {
      connection.release(true)
      throw error
    }
  }
  for (;;) {
    const all = Array.from({ length: connectionsMax }, (_, i) => (i === 0 ? read() : order()))
    const ends = await Promise.allSettled(all)
    if (ends.every(({ status }) => status === 'fulfilled')) return
    await sleep(200)
  }
}

/** As the lab's API has them. */
function configOf(url: string): Parameters<DatabasePool>[0] {
  return {
    url,
    applicationName: 'api-1',
    connectionsMax,
    acquireTimeoutMs: 1_500,
    lockTimeoutMs: 600,
    statementTimeoutMs: 500,
    queryTimeoutMs: 700,
    idleInTransactionTimeoutMs: 3_000,
  }
}
