import { readFileSync } from 'node:fs'

import { Client, DatabaseError } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'

import { commitMs, Session } from './session.ts'
import { sqlCases } from './sql-cases.ts'
import type { Step } from './sql-cases.ts'
import { Store } from './store.ts'

const off = ['net_one_ledger_transaction_per_kind']
const seed = readFileSync(
  new URL('../../../../../services/database/seed.sql', import.meta.url),
  'utf8',
)

let stores: ShopStores
beforeAll(async () => {
  stores = openShopStores(await startTestStores())
})
afterAll(async () => await stores[Symbol.asyncDispose]())

/** A connection: to Postgres, or to the store. */
interface Connection {
  run(sql: string, parameters: readonly unknown[]): Promise<Reply>
  /** Resolves when its statement has ended, or waits for a lock. */
  rests(isSettled: () => boolean): Promise<void>
}

interface Reply {
  readonly command: string
  readonly rowCount: number | null
  readonly rows: readonly unknown[]
}

/** For each step: the steps that have ended since the last one, with their replies. */
async function play(
  steps: readonly Step[],
  connections: Readonly<Record<string, Connection>>,
): Promise<readonly unknown[]> {
  const log: unknown[] = []
  const running = new Map<number, Connection>()
  let ended: [number, unknown][] = []
  for (const [index, [name, sql, ...parameters]] of steps.entries()) {
    const connection = connections[name]
    if (connection === undefined) throw new Error(`no connection ${name}`)
    running.set(index, connection)
    const end = (reply: unknown): void => {
      running.delete(index)
      ended.push([index, reply])
    }
    void connection.run(sql, parameters).then(
      ({ command, rowCount, rows }) => end({ command, rowCount, rows }),
      (error: unknown) => end(error instanceof DatabaseError ? error.code : error),
    )
    // The newest first: it may end what the others wait for.
    for (const [one, waiting] of [...running].toReversed())
      await waiting.rests(() => !running.has(one))
    log.push({ step: index, ended: ended.toSorted(([a], [b]) => a - b) })
    ended = []
  }
  expect([...running.keys()]).toEqual([])
  return log
}

test.each(Object.entries(sqlCases))('the store replies as Postgres does: %s', async (_, steps) => {
  await stores.makeNew({ netsOff: off })
  const clients = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const client = new Client({ connectionString: stores.databaseUrl })
      await client.connect()
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      return { name, client, pid: rows[0]?.pid }
    }),
  )
  try {
    const real = Object.fromEntries(
      clients.map(({ name, client, pid }) => [name, postgresConnection(client, pid)]),
    )
    const store = new Store(off)
    const tools = { sleep }
    const limits = { lockTimeoutMs: 1e9, statementTimeoutMs: 1e9, idleInTransactionTimeoutMs: 1e9 }
    const open = (): Session => new Session(store, tools, limits)
    await open().run(seed)
    const fake = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, storeConnection(open())]))
    expect(await play(steps, fake)).toEqual(await play(steps, real))
  } finally {
    await Promise.all(clients.map(async ({ client }) => await client.end()))
  }
})

function postgresConnection(client: Client, pid: number | undefined): Connection {
  return {
    run: async (sql, parameters) => await client.query(sql, [...parameters]),
    rests: async (isSettled) => {
      while (!isSettled()) {
        const { rows } = await stores.database.query(
          'SELECT 1 WHERE cardinality(pg_blocking_pids($1)) > 0',
          [pid],
        )
        if (rows.length > 0) return
      }
    },
  }
}

/** Only the limits of the server are longer than a COMMIT. */
async function sleep(milliseconds: number): Promise<void> {
  await (milliseconds > commitMs ? new Promise(() => undefined) : new Promise(setImmediate))
}

const turns = 20

function storeConnection(session: Session): Connection {
  return {
    run: async (sql, parameters) => await session.run(sql, parameters),
    rests: async () => {
      for (let i = 0; i < turns; i++) await new Promise(setImmediate)
    },
  }
}
