import { setTimeout as sleep } from 'node:timers/promises'

import { Redis } from 'ioredis'
import { Pool, type PoolClient } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { TrapEvent, TrapRequest } from '#chaos/contracts/links.ts'
import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { runProxy, type RunningProxy } from '../run-proxy.ts'
import { createInspection } from './index.ts'

let stores: Awaited<ReturnType<typeof startTestStores>>
let proxy: RunningProxy
let direct: Pool
const events: TrapEvent[] = []

beforeAll(async () => {
  stores = await startTestStores()
  proxy = await runProxy({ port: 0, seed: 1, inspection: createInspection })
  proxy.events.subscribe(({ event }) => {
    if (event.type === 'trap') events.push(event)
  })
  for (const [name, protocol, url] of [
    ['a:postgres', 'postgres', stores.databaseUrl],
    ['a:redis', 'redis', stores.redisUrl],
  ] as const)
    await api('POST', '/proxies', { name, protocol, listen: '127.0.0.1:0', upstream: hostOf(url) })
  direct = new Pool({ connectionString: stores.databaseUrl })
  await direct.query('CREATE TABLE trapped (id text PRIMARY KEY)')
})

afterAll(async () => {
  await direct.end()
  await proxy[Symbol.asyncDispose]()
  await stores[Symbol.asyncDispose]()
})

test('the trap for one order among 20 springs on the COMMIT of that order, in 200 of 200 rounds', async () => {
  await using pool = await openPool(20)
  let hits = 0
  for (let round = 0; round < 200; round++) {
    const target = round % 20
    const keys = Array.from({ length: 20 }, (_, i) => `o-${round}x-${String(i).padStart(6, '0')}`)
    await arm({
      exchange: 'COMMIT',
      phase: 'after',
      transaction: keys[target]!,
      then: { do: 'cut' },
    })
    const ends = await Promise.all(keys.map((key) => place(pool.pool, key)))
    const expected = keys.map((_, i) => (i === target ? 'unknown' : 'ok'))
    if (ends.join() === expected.join()) hits += 1
  }
  expect(hits).toBe(200)
  // The cut comes after the COMMIT was executed: every order exists, even when its client received no reply.
  const { rows } = await direct.query('SELECT count(*)::int AS n FROM trapped')
  expect(rows).toEqual([{ n: 4_000 }])
}, 120_000)

test('a held COMMIT is executed when it is released, not before', async () => {
  await using pool = await openPool(1)
  await arm({ exchange: 'COMMIT', phase: 'before', then: { do: 'hold' } })
  const placing = place(pool.pool, 'o-held-1')
  const addresses = { caller: '127.0.0.1', callee: '127.0.0.1' }
  await expect
    .poll(() => events.at(-1))
    .toMatchObject({ what: 'sprung', phase: 'before', addresses })
  await sleep(100)
  expect((await direct.query(`SELECT 1 FROM trapped WHERE id LIKE 'o-held%'`)).rowCount).toBe(0)
  await api('POST', '/traps/trap/release', { then: 'deliver' })
  expect(await placing).toBe('ok')
  expect((await direct.query(`SELECT 1 FROM trapped WHERE id LIKE 'o-held%'`)).rowCount).toBe(1)
})

test('on the other connections of a dying instance nothing passes, and the release resets them', async () => {
  await using held = await openPool(1)
  await using other = await openPool(1)
  expect(await place(other.pool, 'o-dying-0')).toBe('ok')
  const then = { do: 'hold', dying: 'caller' } as const
  await arm({ exchange: 'COMMIT', phase: 'before', transaction: 'o-dying-1', then })
  const placing = place(held.pool, 'o-dying-1')
  await expect.poll(() => events.at(-1)).toMatchObject({ what: 'sprung' })
  const beside = place(other.pool, 'o-dying-2')
  const early = await Promise.race([beside, sleep(200)])
  expect(early).toBeUndefined()
  await api('POST', '/traps/trap/release', { then: 'cut' })
  expect(await Promise.all([placing, beside])).toEqual(['unknown', 'unknown'])
  const { rows } = await direct.query(`SELECT id FROM trapped WHERE id LIKE 'o-dying%'`)
  expect(rows).toEqual([{ id: 'o-dying-0.abcdef' }])
  expect(await place(other.pool, 'o-dying-3')).toBe('ok')
})

test('connections that were open and idle before the trap was armed are read', async () => {
  await using pool = await openPool(3)
  await Promise.all([1, 2, 3].map(() => pool.pool.query('SELECT pg_sleep(0.02)')))
  await arm({ exchange: 'SELECT', phase: 'before', nth: 3, then: { do: 'deliver' } })
  await Promise.all([1, 2, 3].map(() => pool.pool.query('SELECT 1')))
  expect(events.at(-1)).toMatchObject({ what: 'sprung', exchange: 'SELECT' })
})

test('a Redis client that already waits in BZPOPMIN is read from its reply', async () => {
  const url = `redis://127.0.0.1:${portOf('a:redis')}`
  const waiting = new Redis(url)
  const other = new Redis(stores.redisUrl)
  const popped = waiting.bzpopmin('jobs', 10)
  await sleep(100)
  await arm({ links: ['a:redis'], exchange: 'GET', phase: 'after', then: { do: 'cut' } })
  await other.zadd('jobs', 1, 'o-1-000001')
  expect(await popped).toEqual(['jobs', 'o-1-000001', '1'])
  expect(await waiting.get('x')).toBeNull()
  expect(events.at(-1)).toMatchObject({ what: 'sprung', exchange: 'GET', link: 'a:redis' })
  waiting.disconnect()
  other.disconnect()
})

test('an invalid trap is refused, and the error names the field', async () => {
  await expect(arm({ exchange: 'COMMIT', phase: 'after', links: ['nowhere'] })).rejects.toThrow(
    /nowhere/,
  )
  await expect(arm({ exchange: '' })).rejects.toThrow(/exchange/)
})

async function place(pool: Pool, key: string): Promise<'ok' | 'unknown'> {
  let client: PoolClient | undefined
  try {
    client = await pool.connect()
    await client.query('BEGIN')
    await client.query('INSERT INTO trapped VALUES ($1)', [`${key}.abcdef`])
    await client.query('COMMIT')
    client.release()
    return 'ok'
  } catch (error) {
    client?.release(error as Error)
    return 'unknown'
  }
}

async function openPool(max: number): Promise<AsyncDisposable & { pool: Pool }> {
  const url = new URL(stores.databaseUrl)
  url.host = `127.0.0.1:${portOf('a:postgres')}`
  const pool = new Pool({ connectionString: url.href, max })
  pool.on('error', () => {})
  // One that is cut while it is checked out, too.
  pool.on('connect', (client) => client.on('error', () => {}))
  return { pool, [Symbol.asyncDispose]: () => pool.end() }
}

async function arm(request: Partial<TrapRequest>): Promise<void> {
  events.length = 0
  await api('POST', '/traps', {
    id: 'trap',
    links: ['a:postgres'],
    expiresInMs: 60_000,
    ...request,
  })
}

async function api(method: string, path: string, body: unknown): Promise<void> {
  const response = await fetch(proxy.url + path, { method, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(await response.text())
}

function portOf(link: string): number {
  return Number(proxy.plane.link(link).listen.split(':').at(-1))
}

function hostOf(url: string): string {
  return new URL(url).host
}
