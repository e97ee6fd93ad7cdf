import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

import { Redis } from 'ioredis'
import { Client } from 'pg'
import { Pool } from 'undici'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import type { LinkEvent } from '#chaos/contracts/links.ts'
import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'

import { runProxy, type RunningProxy } from '../run-proxy.ts'

/** The toxics that take whole messages, on links to a real Postgres, a real Redis and a real HTTP server. */
let stores: Awaited<ReturnType<typeof startTestStores>>
let proxy: RunningProxy
let server: Server
let http: Pool
/** Which requests reached the HTTP server, in sequence. */
let reached: string[] = []
const events: LinkEvent[] = []

beforeAll(async () => {
  stores = await startTestStores()
  server = createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    const body = JSON.stringify({ path: request.url, seen: reached.length })
    if (request.headers['accept-encoding'] === 'gzip')
      response.setHeader('content-encoding', 'gzip').end(gzipSync(body))
    // Two writes without a length: a chunked body.
    else response.write(body.slice(0, 3), () => response.end(body.slice(3)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = await runProxy({ port: 0, seed: 1 })
  proxy.events.subscribe(({ event }) => {
    if (event.type === 'link') events.push(event)
  })
  for (const [name, protocol, upstream] of [
    ['pg', 'postgres', new URL(stores.databaseUrl).host],
    ['redis', 'redis', new URL(stores.redisUrl).host],
    ['web', 'http', `127.0.0.1:${(server.address() as AddressInfo).port}`],
  ] as const)
    await api('POST', '/proxies', { name, protocol, listen: '127.0.0.1:0', upstream })
  http = new Pool(`http://${addressOf('web')}`, { connections: 4 })
  await using client = await connect()
  await client.query('CREATE TABLE written (at serial, name text)')
})

afterAll(async () => {
  await http.destroy()
  await proxy[Symbol.asyncDispose]()
  server.closeAllConnections()
  server.close()
  await stores[Symbol.asyncDispose]()
})

beforeEach(() => {
  reached = []
  events.length = 0
})

test('http_replace: a client receives a 429 with Retry-After, and the server has executed the request', async () => {
  await using _toxic = await toxic('web', 'http_replace', {
    route: '/charges',
    status: 429,
    headers: 'retry-after: 2',
  })
  const { statusCode, headers, body } = await http.request({ path: '/charges', method: 'POST' })
  expect([statusCode, headers['retry-after']]).toEqual([429, '2'])
  expect(await body.json()).toEqual({ path: '/charges', seen: 1 })
  expect(await get('/other')).toEqual({ path: '/other', seen: 2 })
  expect(touched('web')).toBe(1)
})

test('http_replace: a merge patch removes a field and changes the type of another, chunked or in gzip', async () => {
  await using _toxic = await toxic('web', 'http_replace', { merge: '{"path":null,"seen":"1"}' })
  for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
    const response = await http.request({ path: '/a', method: 'GET', headers })
    expect(response.headers).toMatchObject({ 'content-length': '12' })
    expect(response.headers['transfer-encoding']).toBeUndefined()
    expect(response.headers['content-encoding']).toBeUndefined()
    expect(await response.body.json()).toEqual({ seen: '1' })
  }
})

test('duplicate: the server executes a request twice, and the next response belongs to the next request', async () => {
  await using _toxic = await toxic('web', 'duplicate', { exchange: 'POST *' })
  const { body } = await http.request({
    path: '/charges',
    method: 'POST',
    body: 'x'.repeat(10_000),
  })
  expect(await body.json()).toEqual({ path: '/charges', seen: 1 })
  expect(await get('/next')).toMatchObject({ path: '/next' })
  expect(reached.toSorted()).toEqual(['GET /next', 'POST /charges', 'POST /charges'])
})

test('duplicate: Postgres executes a statement twice, also one with parameters in a transaction', async () => {
  await using _toxic = await toxic('pg', 'duplicate', { exchange: 'INSERT *' })
  await using client = await connect('pg')
  await client.query('BEGIN')
  const inserted = await client.query('INSERT INTO written (name) VALUES ($1) RETURNING at', [
    'two',
  ])
  const found = await client.query(`SELECT at FROM written WHERE name = 'two'`)
  await client.query('COMMIT')
  const { at } = inserted.rows[0] as { at: number }
  expect(found.rows).toEqual([{ at }, { at: at + 1 }])
})

test('duplicate: Redis executes a command twice, and a pipeline stays in step', async () => {
  await using _toxic = await toxic('redis', 'duplicate', { exchange: 'INCR' })
  await using redis = openRedis('redis')
  const replies = await redis.client.pipeline().incr('n').get('n').incr('n').get('n').exec()
  expect(replies?.map(([, reply]) => reply)).toEqual([1, '2', 3, '4'])
})

test('reorder: Postgres executes the statement that came second first', async () => {
  await using _toxic = await toxic(
    'pg',
    'reorder',
    { exchange: 'INSERT *', wait: 5_000 },
    'upstream',
  )
  await using a = await connect('pg')
  await using b = await connect('pg')
  const insert = (client: Client, name: string) =>
    client.query('INSERT INTO written (name) VALUES ($1) RETURNING at', [name])
  const before = received('pg')
  const first = insert(a, 'sent first')
  await expect.poll(() => received('pg')).toBeGreaterThan(before)
  const second = insert(b, 'sent second')
  const [{ at: late }, { at: early }] = [(await first).rows[0], (await second).rows[0]] as [
    { at: number },
    { at: number },
  ]
  expect(early).toBeLessThan(late)
  expect(touched('pg')).toBe(2)
})

test('reorder: Redis executes two pipelined commands in reverse sequence, and each has its own reply', async () => {
  await using _toxic = await toxic('redis', 'reorder', { exchange: 'R*', wait: 5_000 }, 'upstream')
  await using redis = openRedis('redis')
  await redis.client.ping()
  const replies = await redis.client.pipeline().rpush('list', 'a').rpushx('list', 'b').exec()
  // RPUSHX came second and was executed first: the list did not exist.
  expect(replies?.map(([, reply]) => reply)).toEqual([1, 0])
})

test('reply_swap: two HTTP callers receive the response of the other', async () => {
  await using _toxic = await toxic('web', 'reply_swap', {
    exchange: 'GET /quotes/:id',
    wait: 5_000,
  })
  const [one, two] = await Promise.all([get('/quotes/1'), get('/quotes/2')])
  expect([one.path, two.path]).toEqual(['/quotes/2', '/quotes/1'])
  expect(reached).toHaveLength(2)
})

test('reply_swap: two pipelined commands of a Redis client receive the reply of the other', async () => {
  await using before = openRedis('redis')
  await before.client.mset('a', 'of a', 'b', 'of b')
  await using _toxic = await toxic('redis', 'reply_swap', { exchange: 'GET', wait: 5_000 })
  await using redis = openRedis('redis')
  const replies = await Promise.all([redis.client.get('a'), redis.client.get('b')])
  expect(replies).toEqual(['of b', 'of a'])
})

test('reply_swap: two Postgres sessions receive the rows of the other', async () => {
  await using _toxic = await toxic('pg', 'reply_swap', { exchange: 'SELECT*', wait: 5_000 })
  await using a = await connect('pg')
  await using b = await connect('pg')
  const [one, two] = await Promise.all([a.query('SELECT 1 AS n'), b.query('SELECT 2 AS n')])
  expect([one.rows, two.rows]).toEqual([[{ n: 2 }], [{ n: 1 }]])
})

test('reply_swap: without a second reply the first one is delivered unchanged, and an event reports it', async () => {
  await using _toxic = await toxic('web', 'reply_swap', { wait: 50 })
  expect(await get('/alone')).toMatchObject({ path: '/alone' })
  expect(touched('web')).toBe(0)
  expect(events).toContainEqual(
    expect.objectContaining({ what: 'toxic-missed', detail: expect.stringContaining('50 ms') }),
  )
})

async function toxic(link: string, type: string, attributes: object, stream = 'downstream') {
  await api('POST', `/proxies/${link}/toxics`, { name: 'toxic', type, stream, attributes })
  return {
    [Symbol.asyncDispose]: () => api('DELETE', `/proxies/${link}/toxics/toxic`),
  }
}

async function api(method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(proxy.url + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(await response.text())
}

/** Bytes that callers have sent over the link. */
function received(link: string): number {
  return proxy.plane.link(link).figures().upstream.received
}

function touched(link: string): number {
  return events.filter((event) => event.what === 'toxic-touched' && event.link === link).length
}

async function get(path: string): Promise<{ path: string; seen: number }> {
  const { body } = await http.request({ path, method: 'GET' })
  return (await body.json()) as { path: string; seen: number }
}

/** A Postgres connection: through the link, or direct. */
async function connect(link?: string): Promise<Client & AsyncDisposable> {
  const url = new URL(stores.databaseUrl)
  if (link !== undefined) url.host = addressOf(link)
  const client = new Client({ connectionString: url.href })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

function openRedis(link: string): AsyncDisposable & { readonly client: Redis } {
  const client = new Redis(`redis://${addressOf(link)}`)
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      client.disconnect()
    },
  }
}

function addressOf(link: string): string {
  return proxy.plane.link(link).listen
}
