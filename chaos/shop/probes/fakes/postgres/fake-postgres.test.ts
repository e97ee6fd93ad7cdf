import { Client } from 'pg'
import { test as base, expect } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { openFakePostgres } from './fake-postgres.ts'
import type { FakePostgres } from './fake-postgres.ts'

const test = base
  .extend('postgres', async ({}, { onCleanup }) => {
    const postgres = await openFakePostgres(systemClock)
    onCleanup(async () => await postgres[Symbol.asyncDispose]())
    return postgres
  })
  .extend('connect', async ({ postgres }, { onCleanup }) => {
    const clients: Client[] = []
    onCleanup(async () => {
      await Promise.all(clients.map(async (client) => await client.end()))
    })
    return async (settings: Readonly<Record<string, unknown>> = {}) => {
      const client = new Client({ connectionString: postgres.url, ...settings })
      client.on('error', () => undefined)
      clients.push(client)
      await client.connect()
      return client
    }
  })

const lockRow = 'SELECT 1 FROM products FOR UPDATE'

test('every statement succeeds, also with values, and is counted', async ({
  postgres,
  connect,
}) => {
  const client = await connect()
  expect((await client.query('BEGIN')).command).toBe('BEGIN')
  expect((await client.query('SELECT $1 AS one', ['x'])).rows).toEqual([{ one: 1 }])
  expect((await client.query('COMMIT')).command).toBe('COMMIT')
  expect(postgres.received).toEqual(['BEGIN', 'SELECT $1 AS one', 'COMMIT'])
  expect(postgres.open).toBe(1)
})

test('the statement timeout of the session ends a slow statement', async ({
  postgres,
  connect,
}) => {
  postgres.plan = () => ({ takesMs: 10_000 })
  for (const settings of [{ statement_timeout: 5 }, { options: '-c statement_timeout=5ms' }])
    await expect((await connect(settings)).query('SELECT 1')).rejects.toMatchObject({
      code: '57014',
    })
})

test('a failed transaction accepts only its end, and its COMMIT is a ROLLBACK', async ({
  postgres,
  connect,
}) => {
  const client = await connect()
  await client.query('SET statement_timeout = 5')
  await client.query('BEGIN')
  postgres.plan = (sql) => (sql === 'SELECT 1' ? { takesMs: 10_000 } : undefined)
  await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '57014' })
  await expect(client.query('SELECT 2')).rejects.toMatchObject({ code: '25P02' })
  expect((await client.query('COMMIT')).command).toBe('ROLLBACK')
})

test('a lock is kept until the end of its transaction', async ({ connect }) => {
  const [first, second] = [await connect(), await connect({ lock_timeout: 5 })]
  await first.query('BEGIN')
  await first.query(lockRow)
  await expect(second.query(lockRow)).rejects.toMatchObject({ code: '55P03' })
  await first.query('COMMIT')
  expect((await second.query(lockRow)).rows).toHaveLength(1)
})

/** The order has locked the row. Then its connection becomes silent, and the client closes it. */
async function becomeSilent(postgres: FakePostgres, order: Client): Promise<void> {
  await order.query('BEGIN')
  await order.query(lockRow)
  postgres.break('silent')
  await order.end()
}

test('a silent session keeps its lock', async ({ postgres, connect }) => {
  await becomeSilent(postgres, await connect())
  const other = await connect({ lock_timeout: 5 })
  await expect(other.query(lockRow)).rejects.toMatchObject({ code: '55P03' })
})

test('a silent session keeps its lock until Postgres ends it', async ({ postgres, connect }) => {
  await becomeSilent(postgres, await connect({ idle_in_transaction_session_timeout: 20 }))
  expect((await (await connect()).query(lockRow)).rows).toHaveLength(1)
})

test.for(['reset', 'closed', 'ended'] as const)(
  'a connection that is %s in the middle of a statement rejects it',
  async (breaks, { postgres, connect }) => {
    const client = await connect()
    postgres.plan = () => ({ breaks })
    await expect(client.query('SELECT 1')).rejects.toThrow(/reset|terminat/i)
  },
)

test('what the server does not have makes a probe undecided', async ({ postgres, connect }) => {
  const client = await connect()
  expect(postgres.undecided()).toBeUndefined()
  await client.query('SELECT pg_terminate_backend(7)')
  expect(postgres.undecided()?.message).toContain('pg_terminate_backend')
})
