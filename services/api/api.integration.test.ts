import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { call } from '#services/test/call.ts'
import { openMuteLink } from '#services/test/mute-link.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'
import { startService } from '#services/test/start-service.ts'
import type { RunningService } from '#services/test/start-service.ts'

const stack = new AsyncDisposableStack()
let stores: ShopStores
let payments: RunningService
/** The longest that a client may wait for a response, with some room for a busy machine. */
const answerMsMax = 3_000

beforeAll(async () => {
  stores = stack.use(openShopStores(await startTestStores()))
  await stores.makeNew()
  payments = stack.use(await startService('payments', {}))
})
afterAll(async () => await stack.disposeAsync())
beforeEach(async () => await stores.makeNew())

const startApi = async (environment: Readonly<Record<string, string>> = {}) =>
  await startService('api', {
    INSTANCE: 'api-1',
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    PAYMENTS_URL: payments.url,
    ...environment,
  })
const portOf = (url: string): number => Number(new URL(url).port)
const through = (url: string, port: number): string => {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}
const order = { sku: 'tea', quantity: 2, customer: 'ann' }
const count = async (sql: string): Promise<number> =>
  Number(
    (await stores.database.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n,
  )

test('placing an order commits the order, its stock and its message together', async () => {
  await using api = await startApi()
  const answer = await call(`${api.url}/orders`, { body: order, key: 'key-0001' })
  expect(answer.status).toBe(201)
  expect(answer.body).toEqual({
    orderId: expect.stringMatching(/^key-0001\.[0-9a-f]{6}$/),
    key: 'key-0001',
    status: 'placed',
    amountCents: 900,
  })
  const read = await call(`${api.url}/orders/${String(answer.body['orderId'])}`)
  expect(read.body).toMatchObject({ ...answer.body, sku: 'tea', quantity: 2 })
  const { rows } = await stores.database.query('SELECT order_id, payload FROM outbox')
  expect(rows).toEqual([
    {
      order_id: answer.body['orderId'],
      payload: { version: 1, orderId: answer.body['orderId'], amount: 9, amountCents: 900 },
    },
  ])
  expect(await count(`products WHERE sku = 'tea' AND stock = initial_stock - 2`)).toBe(1)
  expect(await count(`order_events WHERE status = 'placed' AND instance = 'api-1'`)).toBe(1)
})

test('twenty simultaneous requests with one key create one order and receive the same bytes', async () => {
  await using api = await startApi()
  await using other = await startApi({ INSTANCE: 'api-2' })
  const answers = await Promise.all(
    Array.from(
      { length: 20 },
      async (_, i) =>
        await call(`${(i % 2 === 0 ? api : other).url}/orders`, { body: order, key: 'key-0002' }),
    ),
  )
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(201)
  expect(await count('orders')).toBe(1)
  expect(await count('outbox')).toBe(1)
})

test('refuses a key that was used for another order, and repeats a stored refusal', async () => {
  await using api = await startApi()
  await call(`${api.url}/orders`, { body: order, key: 'key-0003' })
  const other = await call(`${api.url}/orders`, {
    body: { ...order, quantity: 3 },
    key: 'key-0003',
  })
  expect(other).toMatchObject({ status: 422, body: { error: 'key-reused', definite: true } })

  const much = { sku: 'limited', quantity: 51, customer: 'ann' }
  const first = await call(`${api.url}/orders`, { body: much, key: 'key-0004' })
  expect(first).toMatchObject({ status: 409, body: { error: 'sold-out', definite: true } })
  await stores.database.query(`UPDATE products SET stock = 1000 WHERE sku = 'limited'`)
  const again = await call(`${api.url}/orders`, { body: much, key: 'key-0004' })
  expect(again.text).toBe(first.text)
})

test('a request whose key is in progress is refused, but not definitely', async () => {
  await using api = await startApi()
  const client = await stores.database.connect()
  await client.query('BEGIN')
  await client.query(`INSERT INTO idempotency_keys VALUES ('key-0005', 'x', 201, '{}')`)
  const answer = await call(`${api.url}/orders`, { body: order, key: 'key-0005' })
  await client.query('ROLLBACK')
  client.release()
  expect(answer).toMatchObject({ status: 409, body: { error: 'in-progress', definite: false } })
  expect((await call(`${api.url}/orders`, { body: order, key: 'key-0005' })).status).toBe(201)
})

test('a stored text that is not a response is an error', async () => {
  await using api = await startApi()
  await call(`${api.url}/orders`, { body: order, key: 'key-0006' })
  await stores.database.query(`UPDATE idempotency_keys SET response_body = '"sold"'`)
  const answer = await call(`${api.url}/orders`, { body: order, key: 'key-0006' })
  expect(answer).toMatchObject({ status: 500, body: { error: 'internal' } })
})

test('sells exactly the stock', async () => {
  await stores.makeNew({ netsOff: ['net_stock_never_negative'], stock: { limited: 10 } })
  await using api = await startApi({ ADMISSION_WAITING_MAX: '100', ADMISSION_WAIT_MAX_MS: '9000' })
  const answers = await Promise.all(
    Array.from(
      { length: 30 },
      async (_, i) =>
        await call(`${api.url}/orders`, {
          body: { sku: 'limited', quantity: 1, customer: 'ann' },
          key: `key-10${i}`,
        }),
    ),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(10)
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(20)
  expect(await count(`products WHERE sku = 'limited' AND stock = 0`)).toBe(1)
})

test('refuses excess orders before any effect, with Retry-After', async () => {
  await using api = await startApi({ ADMISSION_RUNNING_MAX: '1', ADMISSION_WAITING_MAX: '0' })
  const answers = await Promise.all(
    Array.from(
      { length: 10 },
      async (_, i) => await call(`${api.url}/orders`, { body: order, key: `key-20${i}` }),
    ),
  )
  const refused = answers.filter(({ status }) => status === 503)
  expect(refused.length).toBeGreaterThan(0)
  for (const answer of refused) {
    expect(answer.body).toMatchObject({ error: 'overloaded', definite: true })
    expect(answer.headers.get('retry-after')).toBe('1')
  }
  expect(await count('orders')).toBe(10 - refused.length)
})

test('an error names the invalid input', async () => {
  await using api = await startApi()
  const answers = [
    await call(`${api.url}/orders`, { body: { sku: 'tea' } }),
    await call(`${api.url}/orders`, { body: { ...order, quantity: 0 } }),
    await call(`${api.url}/orders`, { body: order, key: 'a:b:c' }),
    // Postgres stores no NUL.
    await call(`${api.url}/orders`, { body: { ...order, customer: 'a\u0000' } }),
    await call(`${api.url}/orders`, { body: { ...order, lines: ['\ud800'] } }),
    await call(`${api.url}/quotes`, { body: { sku: 'a\u0000', quantity: 1 } }),
    await call(`${api.url}/products/a%00`),
    await call(`${api.url}/orders/a%00`),
    await call(`${api.url}/orders`, { body: { ...order, sku: 'none' } }),
    await call(`${api.url}/products/none`),
    await call(`${api.url}/orders/none`),
    await call(`${api.url}/none`),
  ]
  expect(answers.map(({ status, body }) => [status, body['error'], body['definite']])).toEqual([
    [400, 'bad-request', true],
    [400, 'bad-request', true],
    [400, 'bad-request', true],
    [400, 'bad-request', true],
    [400, 'bad-request', true],
    [400, 'bad-request', true],
    [400, 'bad-request', true],
    [400, 'bad-request', true],
    [404, 'unknown-sku', true],
    [404, 'unknown-sku', true],
    [404, 'unknown-order', true],
    [404, 'no-such-route', true],
  ])
})

test('responds in time while the database is silent, and uses it again afterwards', async () => {
  await using link = await openMuteLink(portOf(stores.databaseUrl))
  await using api = await startApi({ DATABASE_URL: through(stores.databaseUrl, link.port) })
  await call(`${api.url}/orders`, { body: order, key: 'key-3000' })
  link.mute()
  const silent = await Promise.all([
    call(`${api.url}/orders`, { body: order, key: 'key-3001' }),
    call(`${api.url}/products/tea?fresh=1`),
    call(`${api.url}/quotes`, { body: { sku: 'tea', quantity: 1 } }),
  ])
  for (const { status, tookMs } of silent) {
    expect(status).toBe(503)
    expect(tookMs).toBeLessThan(answerMsMax)
  }
  expect(silent[0]?.body).toMatchObject({ error: 'database-unavailable', definite: true })
  expect((await call(`${api.url}/health/live`)).status).toBe(200)
  link.heal()
  await vi.waitFor(
    async () =>
      expect((await call(`${api.url}/orders`, { body: order, key: 'key-3001' })).status).toBe(201),
    { timeout: 10_000, interval: 50 },
  )
})

test('responds at once while the database is down, and still serves cached products', async () => {
  await using link = await openMuteLink(portOf(stores.databaseUrl))
  await using api = await startApi({ DATABASE_URL: through(stores.databaseUrl, link.port) })
  await call(`${api.url}/products/tea`)
  await expect.poll(async () => await stores.redis.exists('product:tea')).toBe(1)
  link.refuse()
  expect((await call(`${api.url}/products/tea`)).status).toBe(200)
  const dead = await call(`${api.url}/orders`, { body: order, key: 'key-4001' })
  expect(dead).toMatchObject({ status: 503, body: { definite: true } })
  expect(dead.tookMs).toBeLessThan(answerMsMax)
})

test.for(['mute', 'refuse'] as const)(
  'products and orders work without Redis (%s)',
  async (how) => {
    await using link = await openMuteLink(portOf(stores.redisUrl))
    await using api = await startApi({ REDIS_URL: through(stores.redisUrl, link.port) })
    await call(`${api.url}/products/tea`)
    link[how]()
    const product = await call(`${api.url}/products/tea`)
    expect(product).toMatchObject({ status: 200, body: { sku: 'tea', priceCents: 450 } })
    expect(product.tookMs).toBeLessThan(answerMsMax)
    expect((await call(`${api.url}/orders`, { body: order, key: 'key-5000' })).status).toBe(201)
  },
)

test.for(['mute', 'refuse'] as const)(
  'a quote is incomplete without payments (%s)',
  async (how) => {
    await using link = await openMuteLink(portOf(payments.url))
    await using api = await startApi({ PAYMENTS_URL: `http://127.0.0.1:${link.port}` })
    const ask = async () =>
      await call(`${api.url}/quotes`, { body: { sku: 'kettle', quantity: 1 } })
    expect((await ask()).body).toMatchObject({ amountCents: 5_900, complete: true })
    link[how]()
    const answer = await ask()
    expect(answer.body).toMatchObject({
      complete: false,
      paymentMethods: [{ method: 'invoice', feeCents: 0 }],
    })
    expect(answer.tookMs).toBeLessThan(answerMsMax)
  },
)

test('starts and becomes ready without its stores', async () => {
  await using api = await startApi({
    DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop',
    REDIS_URL: 'redis://127.0.0.1:1',
    PAYMENTS_URL: 'http://127.0.0.1:1',
  })
  expect((await call(`${api.url}/health/ready`)).status).toBe(200)
  expect((await call(`${api.url}/products/tea`)).status).toBe(503)
})

test('responds to a request in progress before the process exits', async () => {
  await using api = await startApi({ LEAVE_BALANCER_MS: '100' })
  const client = await stores.database.connect()
  await client.query('BEGIN')
  await client.query(`SELECT 1 FROM products WHERE sku = 'tea' FOR UPDATE`)
  const answer = call(`${api.url}/orders`, { body: order, key: 'key-6000' })
  await expect.poll(async () => await count(`pg_locks WHERE NOT granted`)).toBeGreaterThan(0)
  const ended = api.end('SIGTERM')
  await expect.poll(async () => (await call(`${api.url}/health/ready`)).status).toBe(503)
  await vi.waitFor(
    async () => await expect(call(`${api.url}/health/ready`)).rejects.toThrow('fetch failed'),
    { timeout: 20_000 },
  )
  await client.query('COMMIT')
  client.release()
  expect((await answer).status).toBe(201)
  expect((await answer).headers.get('connection')).toBe('close')
  expect(await ended).toBe(0)
})

test('without a replica no response has a position', async () => {
  await using api = await startApi()
  const placed = await fetch(`${api.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
  expect(placed.headers.get('x-position')).toBeNull()
})

test('with a replica responses have a position; the primary serves what the replica does not have', async () => {
  await using link = await openMuteLink(portOf(stores.databaseUrl))
  // This server is not a replica: it has replayed no position.
  const replica = through(stores.databaseUrl, link.port)
  await using api = await startApi({
    POSTGRES_REPLICA_URL: replica,
    REPLICA_TIMEOUT_MS: '100',
    // No replica confirms a commit here.
    EXERCISE_DIR: 'labs/data-correctness/failover/start',
  })
  const placed = await fetch(`${api.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
  const position = placed.headers.get('x-position') ?? ''
  expect(position).toMatch(/^[\dA-F]+\/[\dA-F]+$/)
  const { orderId } = (await placed.json()) as { orderId: string }
  const read = async (sent: string) =>
    await fetch(`${api.url}/orders/${orderId}`, { headers: { 'x-position': sent } })
  for (const sent of [position, "'; not a position"]) {
    const response = await read(sent)
    expect(response.status).toBe(200)
    expect(response.headers.get('x-position')).toMatch(/^[\dA-F]+\/[\dA-F]+$/)
  }
  link.mute()
  expect((await read(position)).status).toBe(200)
})
