import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { clockFileVariable, formatSkews } from '#chaos/runtime/clock/clock-file.ts'
import { skewedDateArguments } from '#chaos/runtime/clock/clocks.ts'
import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { orderJobName, orderQueueName } from '#services/lib/order-message.ts'
import type { OrderMessage } from '#services/lib/order-message.ts'
import { answerInstead } from '#services/test/answer-instead.ts'
import { openMuteLink } from '#services/test/mute-link.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'
import { createTestShop } from '#services/test/shop.ts'
import type { TestShop } from '#services/test/shop.ts'
import { startService } from '#services/test/start-service.ts'

const stack = new AsyncDisposableStack()
let stores: ShopStores
let shop: TestShop

beforeAll(async () => {
  stores = stack.use(openShopStores(await startTestStores()))
  const payments = stack.use(await startService('payments', { SERVICE_MS: '5' }))
  const api = stack.use(
    await startService('api', {
      INSTANCE: 'api-1',
      DATABASE_URL: stores.databaseUrl,
      REDIS_URL: stores.redisUrl,
      PAYMENTS_URL: payments.url,
    }),
  )
  shop = createTestShop(stores, api, payments)
})
afterAll(async () => await stack.disposeAsync())
beforeEach(async () => {
  // A test that failed may have left it frozen.
  process.kill(shop.payments.pid, 'SIGCONT')
  await stores.makeNew()
  await shop.openNewBooks()
})

interface WaitingMessage {
  readonly payload: OrderMessage
  readonly jobId: string
}

// Generous: a busy machine must not make a test fail.
const limits = { timeout: 40_000, interval: 50 }
const ends = async (statuses: Readonly<Record<string, string>>): Promise<void> => {
  await vi.waitFor(async () => expect(await shop.statuses()).toEqual(statuses), limits)
}
const withoutReconciler = { NETS_OFF: 'reconciler' }

test('charges, books and completes an order, and returns the stock of a declined one', async () => {
  await using _worker = await shop.startWorker()
  await shop.place('key-0001')
  await shop.place('key-0002', { customer: 'declined-bob' })
  await ends({ 'key-0001': 'paid', 'key-0002': 'rejected' })
  const { rows } = await stores.database.query(
    `SELECT account, amount_cents FROM ledger_entries ORDER BY id`,
  )
  expect(rows).toEqual([
    { account: 'payments-receivable', amount_cents: 900 },
    { account: 'sales', amount_cents: -900 },
  ])
  expect(await shop.count(`products WHERE sku = 'tea' AND stock = initial_stock - 2`)).toBe(1)
  expect(await shop.count(`order_events WHERE instance = 'worker-1'`)).toBe(4)
  await expect.poll(async () => await stores.redis.keys('bull:orders:key-*')).toEqual([])
})

test('the wait in Postgres ends with the first message, or at its end without one', async () => {
  const wait = async (ms: number): Promise<unknown> =>
    (await stores.database.query('SELECT wait_for_outbox(5, $1) AS found', [ms])).rows
  expect(await wait(20)).toEqual([{ found: false }])
  const found = wait(30_000)
  await shop.place('key-0003')
  expect(await found).toEqual([{ found: true }])
})

test('an order whose job was delayed by a clock that was an hour ahead is paid', async () => {
  await shop.place('key-0004')
  const { rows } = await stores.database.query<WaitingMessage>(
    `UPDATE outbox SET published_at = clock_timestamp() RETURNING payload, order_id AS "jobId"`,
  )
  const connection = new Redis(stores.redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue<OrderMessage>(orderQueueName, { connection })
  for (const { payload, jobId } of rows)
    await queue.add(
      orderJobName,
      { ...payload, orderId: jobId },
      { jobId, delay: 3_600_000, attempts: 12 },
    )
  await using _worker = await shop.startWorker({ RECONCILE_AFTER_MS: '500' })
  await ends({ 'key-0004': 'paid' })
  expect(await queue.getDelayedCount()).toBe(0)
  await queue.close()
  connection.disconnect()
})

test('a worker whose clock is an hour ahead publishes the prices of now', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'unhappy-clock-'))
  const file = path.join(folder, 'worker-1')
  const [sinceMs, hourMs] = [Date.now(), 3_600_000]
  const skew = { id: 'ahead', offsetMs: hourMs, drift: 0, sinceMs, untilMs: sinceMs + hourMs }
  await writeFile(file, formatSkews([skew]))
  const editionMs = 500
  await using _worker = await shop.startWorker({
    NODE_OPTIONS: skewedDateArguments.join(' '),
    [clockFileVariable]: file,
    PRICES_INTERVAL_MS: '50',
    PRICES_EDITION_MS: String(editionMs),
  })
  const edition = await vi.waitFor(async () => {
    const { rows } = await stores.database.query<{ edition: number }>(
      'SELECT max(price_edition)::float8 AS edition FROM products WHERE price_edition > 0',
    )
    expect(rows[0]?.edition ?? null).not.toBeNull()
    return rows[0]?.edition ?? 0
  }, limits)
  expect(Math.abs(edition * editionMs - Date.now())).toBeLessThan(hourMs / 2)
  await rm(folder, { recursive: true })
})

test('orders are accepted while Redis is read-only, and are paid when it accepts writes again', async () => {
  await using _worker = await shop.startWorker(withoutReconciler)
  await shop.place('key-0004')
  await ends({ 'key-0004': 'paid' })
  // Its connections stay open, as after a failover.
  await stores.redis.call('REPLICAOF', '127.0.0.1', '1')
  await shop.place('key-0005')
  await shop.place('key-0006')
  await expect(stores.redis.set('a', 'b')).rejects.toThrow('READONLY')
  await stores.redis.call('REPLICAOF', 'NO', 'ONE')
  await ends({ 'key-0004': 'paid', 'key-0005': 'paid', 'key-0006': 'paid' })
})

test('another worker takes the job of a killed one within seconds', async () => {
  await using dying = await shop.startWorker({ ...withoutReconciler, PAYMENTS_TIMEOUT_MS: '9000' })
  process.kill(shop.payments.pid, 'SIGSTOP')
  await shop.place('key-1001')
  await vi.waitFor(
    async () => expect(await stores.redis.llen('bull:orders:active')).toBe(1),
    limits,
  )
  await expect.poll(async () => await shop.statuses()).toEqual({ 'key-1001': 'charging' })
  await using _other = await shop.startWorker({ ...withoutReconciler, INSTANCE: 'worker-2' })
  await dying.end('SIGKILL')
  process.kill(shop.payments.pid, 'SIGCONT')
  const killedMs = performance.now()
  await ends({ 'key-1001': 'paid' })
  expect(performance.now() - killedMs).toBeLessThan(8_000)
  expect((await shop.books()).charges).toHaveLength(1)
  expect(await shop.count('ledger_transactions')).toBe(1)
})

test('books a repeated message once, without the safety net', async () => {
  await stores.makeNew({ netsOff: ['net_one_ledger_transaction_per_kind'] })
  await using _worker = await shop.startWorker(withoutReconciler)
  await using _other = await shop.startWorker({ ...withoutReconciler, INSTANCE: 'worker-2' })
  await shop.place('key-2001')
  await ends({ 'key-2001': 'paid' })
  // While the queue holds a job with this id, it ignores the same message.
  const noJobLeft = async () =>
    await vi.waitFor(
      async () => expect(await stores.redis.keys('bull:orders:key-*')).toEqual([]),
      limits,
    )
  for (let again = 2; again <= 4; again++) {
    await noJobLeft()
    await stores.database.query('UPDATE outbox SET published_at = NULL')
    await vi.waitFor(
      async () => expect((await shop.books()).chargeRequests).toHaveLength(again),
      limits,
    )
  }
  await noJobLeft()
  expect(await shop.count('ledger_transactions')).toBe(1)
  expect((await shop.books()).charges).toHaveLength(1)
})

test('finds a charge whose response is lost under its key', async () => {
  await using link = await openMuteLink(Number(new URL(shop.payments.url).port))
  await using worker = await shop.startWorker({
    ...withoutReconciler,
    PAYMENTS_URL: `http://127.0.0.1:${link.port}`,
    PAYMENTS_TIMEOUT_MS: '400',
  })
  link.mute()
  await shop.place('key-3001')
  await vi.waitFor(() => expect(worker.output()).toContain('payments did not answer'), limits)
  expect(await shop.statuses()).toEqual({ 'key-3001': 'charging' })
  link.heal()
  await ends({ 'key-3001': 'paid' })
  expect((await shop.books()).charges).toHaveLength(1)
})

test('the reconciler finds orders that the queue has lost', async () => {
  await using _worker = await shop.startWorker({ RECONCILE_AFTER_MS: '1000' })
  process.kill(shop.payments.pid, 'SIGSTOP')
  await shop.place('key-4001')
  await expect.poll(async () => await shop.count('outbox WHERE published_at IS NOT NULL')).toBe(1)
  await stores.redis.flushall()
  process.kill(shop.payments.pid, 'SIGCONT')
  await ends({ 'key-4001': 'paid' })
})

test('the reconciler completes an order that is charged but not booked', async () => {
  await shop.place('key-4101')
  const { rows } = await stores.database.query<{ id: string }>(
    `UPDATE orders SET status = 'charging' RETURNING id`,
  )
  await stores.database.query('DELETE FROM outbox')
  const orderId = rows[0]?.id ?? ''
  await fetch(`${shop.payments.url}/charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `charge:${orderId}` },
    body: JSON.stringify({ orderId, customer: 'ann', amountCents: 900 }),
  })
  await using _worker = await shop.startWorker({ RECONCILE_AFTER_MS: '200' })
  await ends({ 'key-4101': 'paid' })
  expect((await shop.books()).chargeRequests).toHaveLength(1)
})

test('an error with status 200 does not pay an order; the charge that payments captures later does', async () => {
  await using front = await answerInstead(shop.payments.url, (path) =>
    path === '/charges' ? { error: 'temporarily unavailable' } : undefined,
  )
  await using worker = await shop.startWorker({ ...withoutReconciler, PAYMENTS_URL: front.url })
  await shop.place('key-4201')
  await vi.waitFor(() => expect(worker.output()).toContain('payments did not answer'), limits)
  expect(await shop.statuses()).toEqual({ 'key-4201': 'charging' })
  expect(await shop.count('ledger_transactions')).toBe(0)
  front.heal()
  await ends({ 'key-4201': 'paid' })
  expect((await shop.books()).charges).toHaveLength(1)
  expect(await shop.count('ledger_transactions WHERE charge_id IS NOT NULL')).toBe(1)
})

test('the ledger refuses a transaction without a charge', async () => {
  await expect(
    stores.database.query(
      `INSERT INTO ledger_transactions (order_id, kind) VALUES ('o', 'charge')`,
    ),
  ).rejects.toThrow('net_ledger_names_its_charge')
})

test('data of the wrong shape parks its order, and the others are paid', async () => {
  const statuses = { 'key-4602': 'parked', 'key-4603': 'parked', 'key-4604': 'parked' }
  await shop.place('key-4601')
  await shop.place('key-4602')
  await shop.place('key-4603')
  await shop.place('key-4604')
  await stores.database.query(
    `UPDATE outbox SET payload = '"no message"' WHERE order_id LIKE 'key-4602%'`,
  )
  await stores.database.query(`UPDATE orders SET lines = '[7]' WHERE client_key = 'key-4603'`)
  const { rows } = await stores.database.query<{ id: string }>(
    `UPDATE outbox SET published_at = now() WHERE order_id LIKE 'key-4604%' RETURNING order_id AS id`,
  )
  const id = rows[0]?.id ?? ''
  const queue = new Queue('orders', { connection: { url: stores.redisUrl } })
  await queue.add('charge', null, { jobId: id })
  await queue.add('charge', { orderId: id, version: 1, amount: 9 }, { jobId: 'another.aaaaaa' })
  await using worker = await shop.startWorker(withoutReconciler)
  await ends({ 'key-4601': 'paid', ...statuses })
  await queue.close()
  const reasons = ['message version undefined', 'lines are not texts', 'job without a message']
  for (const reason of reasons)
    expect(await shop.count(`orders WHERE reason = '${reason}'`), reason).toBe(1)
  expect(worker.output()).not.toContain('TypeError')
})

test('a job that is not JSON parks its order and blocks no other job', async () => {
  await shop.place('key-4701')
  await shop.place('key-4702')
  const { rows } = await stores.database.query<{ id: string }>(
    `UPDATE outbox SET published_at = now() WHERE order_id LIKE 'key-4701%' RETURNING order_id AS id`,
  )
  const id = rows[0]?.id ?? ''
  const queue = new Queue('orders', { connection: { url: stores.redisUrl } })
  await queue.add('charge', { orderId: id }, { jobId: id, removeOnComplete: true })
  await queue.close()
  await stores.redis.hset(`bull:orders:${id}`, 'data', '{"orderId":')
  await using _worker = await shop.startWorker(withoutReconciler)
  await ends({ 'key-4701': 'parked', 'key-4702': 'paid' })
  await expect.poll(async () => await stores.redis.keys('bull:orders:key-*')).toEqual([])
})

test('parks a poison order, and the same worker processes the others', async () => {
  await using worker = await shop.startWorker()
  await shop.place('key-5001', { note: 'Happy birthday\u001b[2J' })
  await shop.place('key-5002', { note: 'Happy birthday' })
  await ends({ 'key-5001': 'parked', 'key-5002': 'paid' })
  expect(worker.output()).toContain('cannot print character 27')
  expect((await shop.books()).charges).toHaveLength(1)
})

test('parks an order whose message has an unknown version, with the reason', async () => {
  await shop.place('key-5101')
  await stores.database.query(`UPDATE outbox SET payload = '{"version": 3}'`)
  await using _worker = await shop.startWorker()
  await ends({ 'key-5101': 'parked' })
  expect(await shop.count(`orders WHERE reason = 'message version 3'`)).toBe(1)
})

test('a huge order keeps its lock, and small orders behind it do not wait', async () => {
  const lines = Array.from({ length: 900 }, (_, i) => `${Math.sin(i)}${Math.cos(i)}`.slice(0, 30))
  await using worker = await shop.startWorker({ ...withoutReconciler, JOB_LOCK_MS: '1000' })
  await using _other = await shop.startWorker({
    ...withoutReconciler,
    JOB_LOCK_MS: '1000',
    INSTANCE: 'worker-2',
  })
  await shop.place('key-6001', { lines })
  await expect.poll(async () => await shop.statuses()).toEqual({ 'key-6001': 'charging' })
  await shop.place('key-6002')
  await ends({ 'key-6001': 'charging', 'key-6002': 'paid' })
  await ends({ 'key-6001': 'paid', 'key-6002': 'paid' })
  expect(worker.output()).not.toContain('lost its worker')
  expect((await shop.books()).chargeRequests).toHaveLength(2)
})

test('finishes the job in progress on SIGTERM', async () => {
  await using worker = await shop.startWorker({
    ...withoutReconciler,
    LEAVE_BALANCER_MS: '0',
    PAYMENTS_TIMEOUT_MS: '9000',
  })
  process.kill(shop.payments.pid, 'SIGSTOP')
  await shop.place('key-7001')
  await vi.waitFor(
    async () => expect(await shop.statuses()).toEqual({ 'key-7001': 'charging' }),
    limits,
  )
  const ended = worker.end('SIGTERM')
  process.kill(shop.payments.pid, 'SIGCONT')
  expect(await ended).toBe(0)
  expect(await shop.statuses()).toEqual({ 'key-7001': 'paid' })
  expect(await stores.redis.llen('bull:orders:active')).toBe(0)
})

test('exits in time although no store responds', async () => {
  await using database = await openMuteLink(Number(new URL(stores.databaseUrl).port))
  await using redis = await openMuteLink(Number(new URL(stores.redisUrl).port))
  const at = (url: string, port: number): string =>
    Object.assign(new URL(url), { port: String(port) }).href
  await using worker = await shop.startWorker({
    DATABASE_URL: at(stores.databaseUrl, database.port),
    REDIS_URL: at(stores.redisUrl, redis.port),
    SHUTDOWN_GRACE_MS: '1500',
  })
  database.mute()
  redis.mute()
  const startMs = performance.now()
  expect(await worker.end('SIGTERM')).toBe(0)
  expect(performance.now() - startMs).toBeLessThan(6_000)
})

test.for(['databaseUrl', 'redisUrl'] as const)('continues after %s was silent', async (which) => {
  await using link = await openMuteLink(Number(new URL(stores[which]).port))
  const url = new URL(stores[which])
  url.port = String(link.port)
  await using _worker = await shop.startWorker({
    [which === 'databaseUrl' ? 'DATABASE_URL' : 'REDIS_URL']: url.href,
  })
  await shop.place('key-8001')
  await ends({ 'key-8001': 'paid' })
  link.mute()
  await shop.place('key-8002')
  link.heal()
  await vi.waitFor(
    async () => expect(await shop.statuses()).toEqual({ 'key-8001': 'paid', 'key-8002': 'paid' }),
    limits,
  )
})

test('one worker at a time publishes prices, with a rising number', async () => {
  const prices = { PRICES_INTERVAL_MS: '30', PRICES_EDITION_MS: '100' }
  await using _worker = await shop.startWorker(prices)
  await using _other = await shop.startWorker({ ...prices, INSTANCE: 'worker-2' })
  await vi.waitFor(
    async () => expect(await shop.count(`price_events WHERE sku = 'tea'`)).toBeGreaterThan(5),
    limits,
  )
  const { rows } = await stores.database.query<{ edition: string; fence: string }>(
    `SELECT edition, fence FROM price_events WHERE sku = 'tea' ORDER BY id`,
  )
  const rises = (values: readonly number[]): boolean =>
    values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0))
  expect(rises(rows.map(({ fence }) => Number(fence)))).toBe(true)
  expect(rises(rows.map(({ edition }) => Number(edition)))).toBe(true)
})
