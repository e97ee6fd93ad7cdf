import type { PoolClient } from 'pg'

import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { DatabaseConfig } from '#services/lib/config/database-config.ts'
import type { Database } from '#services/lib/database.ts'
import type { DatabasePool } from '#services/lib/seams.ts'

import { inWords } from '../../contract-probe.ts'
import type { ProbeTools } from '../../contract-probe.ts'
import { silentLog } from '../silent-log.ts'
import { openFakePostgres } from './fake-postgres.ts'
import type { FakePostgres } from './fake-postgres.ts'

/** Longer than every limit of the lab together. */
export const limitMs = 30_000

/** As the lab's API has them. */
export const labConfig: Omit<DatabaseConfig, 'url'> = {
  applicationName: 'api-1',
  connectionsMax: 3,
  acquireTimeoutMs: 1_500,
  lockTimeoutMs: 600,
  statementTimeoutMs: 500,
  queryTimeoutMs: 700,
  idleInTransactionTimeoutMs: 3_000,
}

/** A pool of the learner's file, and a server for it. */
export interface PoolTrial extends AsyncDisposable {
  readonly tools: ProbeTools<DatabasePool>
  readonly postgres: FakePostgres
  readonly pool: Database
  /** This breach, unless the process has ended. Throws if the code uses what the server does not have. */
  breach(breach?: Breach): Breach | undefined
}

export async function startPool(
  tools: ProbeTools<DatabasePool>,
  config = labConfig,
): Promise<PoolTrial> {
  const databasePool = await tools.load()
  const postgres = await openFakePostgres(tools)
  const pool = databasePool({ ...config, url: postgres.url }, silentLog)
  return {
    tools,
    postgres,
    pool,
    breach: (breach) => {
      const undecided = postgres.undecided()
      if (undecided !== undefined) throw undecided
      const error = tools.crash()
      if (error === undefined) return breach
      return {
        expected: 'the process survives',
        actual: `the process ended with ${inWords(error)}`,
      }
    },
    [Symbol.asyncDispose]: async () => {
      pool.end().catch(() => undefined)
      await postgres[Symbol.asyncDispose]()
    },
  }
}

export async function beginOrder(pool: Database): Promise<PoolClient> {
  const order = await pool.connect()
  await order.query('BEGIN')
  return order
}

/** As the shop ends a transaction: a connection whose statement failed is not used again. */
export async function endOrder(connection: PoolClient): Promise<void> {
  try {
    await connection.query('COMMIT')
    connection.release()
  } catch {
    connection.release(true)
  }
}

/** An order in a transaction, as the shop does it. */
export async function placeOrder(pool: Database, sql = 'SELECT 1 FROM products'): Promise<void> {
  const connection = await pool.connect()
  try {
    await connection.query('BEGIN')
    await connection.query(sql)
    await connection.query('COMMIT')
    connection.release()
  } catch (error) {
    connection.release(true)
    throw error
  }
}

/** Tries until as many reads and orders in a row succeed as the pool has connections, all at once. */
export async function worksAgain(
  { pool, tools }: Pick<PoolTrial, 'pool' | 'tools'>,
  sql?: string,
): Promise<void> {
  for (;;) {
    const all = Array.from({ length: labConfig.connectionsMax }, async (_, i) => {
      await (i === 0 ? pool.query('SELECT 1') : placeOrder(pool, sql))
    })
    const ends = await Promise.allSettled(all)
    if (ends.every(({ status }) => status === 'fulfilled')) return
    await tools.sleep(200)
  }
}

/** How many of the calls have not ended when the limit is over. */
export async function endInTime(
  { call }: Pick<ProbeTools<unknown>, 'call'>,
  calls: readonly Promise<unknown>[],
  limitMs: number,
): Promise<number> {
  let left = calls.length
  const all = Promise.allSettled(
    calls.map(
      async (one) =>
        await one.finally(() => {
          left -= 1
        }),
    ),
  )
  await call(async () => await all, limitMs)
  return left
}
