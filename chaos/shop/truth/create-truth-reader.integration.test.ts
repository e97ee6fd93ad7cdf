import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { TruthReader } from '#chaos/contracts/truth.ts'
import { withPostgres } from '#chaos/faults/lib/postgres.ts'
import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import type { TestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { orderQueueName } from '#services/lib/order-message.ts'

import { createTruthReader } from './create-truth-reader.ts'
import type { Truth } from './truth.ts'

const orderId = 'o-7f-000001.ab12'
const charge = {
  id: 'ch-1',
  orderId,
  idempotencyKey: `charge:${orderId}`,
  amountCents: 900,
  status: 'captured',
  refundedCents: 0,
  at: '2026-01-05T10:00:00.000Z',
}
const books = { charges: [charge], chargeRequests: [] }

let stores: TestStores
let paymentsUrl: string
let answer: unknown = books
let counted: unknown = { captured: 1 }
const payments = createServer(({ url }, response) => {
  const body = url === '/books/counts' ? counted : answer
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
})

beforeAll(async () => {
  stores = await startTestStores()
  await new Promise<void>((resolve) => payments.listen(0, '127.0.0.1', resolve))
  paymentsUrl = `http://127.0.0.1:${(payments.address() as AddressInfo).port}`
  const client = new Client({ connectionString: stores.databaseUrl, application_name: 'api-1' })
  await client.connect()
  for (const file of ['schema.sql', 'seed.sql'])
    await client.query(await readFile(`services/database/${file}`, 'utf8'))
  await client.query(
    `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
     VALUES ($1, 'o-7f-000001', 'customer-01', 'tea', 2, 900, 'placed')`,
    [orderId],
  )
  await client.query(`UPDATE orders SET status = 'paid', version = 2 WHERE id = $1`, [orderId])
  await client.query(
    `UPDATE orders SET payment_state = 'settled', payment_sequence = 2 WHERE id = $1`,
    [orderId],
  )
  await client.query(
    `INSERT INTO payment_events (event_id, type, charge_id, order_id, amount_cents, sequence, at)
     VALUES ('ev-1', 'charge.settled', 'ch-1', $1, 900, 2, now())`,
    [orderId],
  )
  await client.query(
    `UPDATE products SET price_cents = 460, price_edition = 7, price_fence = 1764400000000 WHERE sku = 'tea'`,
  )
  await client.query(
    `INSERT INTO outbox (topic, order_id, payload) VALUES ('orders', $1, '{"version":1}')`,
    [orderId],
  )
  await client.query(
    `WITH t AS (INSERT INTO ledger_transactions (order_id, kind, charge_id) VALUES ($1, 'charge', 'ch-1') RETURNING id)
     INSERT INTO ledger_entries (transaction_id, account, amount_cents)
     SELECT id, account, cents FROM t, (VALUES ('payments-receivable', 900), ('sales', -900)) AS v (account, cents)`,
    [orderId],
  )
  await client.end()
})

afterAll(async () => {
  payments.closeAllConnections()
  payments.close()
  await stores[Symbol.asyncDispose]()
})

function open(): TruthReader<Truth> {
  return createTruthReader({ ...stores, paymentsUrl, timeoutMs: 2_000 })
}

test('returns every source in the shape of the contract', async () => {
  await using reader = open()
  const truth = await reader.read()
  expect(truth.orders).toMatchObject([
    { id: orderId, clientKey: 'o-7f-000001', quantity: 2, amountCents: 900, status: 'paid' },
  ])
  expect(truth.orders[0]?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(Math.abs(Date.parse(truth.orders[0]?.createdAt ?? '') - Date.now())).toBeLessThan(60_000)
  expect(truth.orderEvents.map(({ status, instance }) => [status, instance])).toEqual([
    ['placed', 'api-1'],
    ['paid', 'api-1'],
  ])
  expect(truth.products.find(({ sku }) => sku === 'tea')).toMatchObject({
    priceCents: 460,
    priceFence: 1_764_400_000_000,
  })
  expect(truth.priceEvents).toMatchObject([
    { sku: 'tea', priceCents: 460, edition: 7, instance: 'api-1' },
  ])
  expect(truth.ledger).toMatchObject([
    {
      orderId,
      kind: 'charge',
      chargeId: 'ch-1',
      entries: [
        { account: 'payments-receivable', amountCents: 900 },
        { account: 'sales', amountCents: -900 },
      ],
    },
  ])
  expect(truth.outbox).toMatchObject([{ orderId, publishedAt: null, payload: { version: 1 } }])
  expect(truth.charges).toEqual([charge])
  expect(truth.paymentEvents).toEqual([])
  expect(truth.receivedEvents).toMatchObject([
    { id: 'ev-1', orderId, sequence: 2, instance: 'api-1' },
  ])
  expect(truth.paymentStates).toMatchObject([{ orderId, state: 'settled', instance: 'api-1' }])
  expect(truth.orders[0]?.paymentState).toBe('settled')
  expect(truth.queue.unfinishedOrderIds).toEqual([])
})

test('reads how far a migration is, from the tables themselves', async () => {
  await using reader = open()
  expect((await reader.read()).migrations).toBeUndefined()
  await withPostgres(stores.databaseUrl, async (client) => {
    const read = async () => (await reader.read()).migrations?.[0]
    await client.query(
      `INSERT INTO migrations (name, instance) VALUES ('orders-channel-2', 'worker-1')`,
    )
    expect(await read()).toMatchObject({
      name: 'orders-channel-2',
      column: 'channel_2',
      finishedAt: null,
      default: null,
      index: 'none',
      channels: { [orderId]: null },
    })
    expect(await reader.counters()).toMatchObject({ migrationsRunning: 1 })
    await client.query(
      `ALTER TABLE orders ADD COLUMN channel_2 text DEFAULT 'web'; CREATE INDEX orders_channel_2 ON orders (channel_2)`,
    )
    expect(await read()).toMatchObject({
      default: `'web'::text`,
      index: 'valid',
      channels: { [orderId]: 'web' },
    })
    // What a failed CREATE INDEX CONCURRENTLY leaves: the names are right, and the build is not.
    await client.query(`DROP INDEX orders_channel_2`)
    await client.query(`INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status, channel_2)
      VALUES ('twice', 'twice', 'c', 'mug', 1, 1200, 'paid', 'web')`)
    await expect(
      client.query('CREATE UNIQUE INDEX CONCURRENTLY orders_channel_2 ON orders (channel_2)'),
    ).rejects.toThrow('could not create unique index')
    expect(await read()).toMatchObject({ index: 'invalid' })
    await client.query(
      `DELETE FROM orders WHERE id = 'twice'; DELETE FROM order_events WHERE order_id = 'twice';
       ALTER TABLE orders DROP COLUMN channel_2; DELETE FROM migrations`,
    )
  })
})

test('finds waiting, delayed and prioritized jobs, with any job id, and writes nothing', async () => {
  const redis = new Redis(stores.redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue(orderQueueName, { connection: redis })
  await using reader = open()
  await queue.add('charge', { orderId: 'o-7f-000002.aa' }, { jobId: 'o-7f-000002.aa' })
  await queue.add('charge', { orderId: 'o-7f-000003.aa' }, { delay: 60_000 })
  await queue.add('charge', { orderId: 'o-7f-000004.aa' }, { priority: 3 })
  const before = (await redis.keys('*')).toSorted()
  const { queue: snapshot } = await reader.read()
  expect(snapshot).toMatchObject({ waiting: 1, delayed: 1, prioritized: 1, active: 0 })
  expect(snapshot.unfinishedOrderIds.toSorted()).toEqual([
    'o-7f-000002.aa',
    'o-7f-000003.aa',
    'o-7f-000004.aa',
  ])
  expect(await reader.counters()).toMatchObject({ queueWaiting: 2, queueDelayed: 1 })
  expect((await redis.keys('*')).toSorted()).toEqual(before)
  await queue.obliterate({ force: true })
  await queue.close()
  redis.disconnect()
})

test('counts orders, charges, outbox rows and jobs', async () => {
  await using reader = open()
  expect(await reader.counters()).toEqual({
    orders: 1,
    paid: 1,
    unfinished: 0,
    charged: 1,
    ledgerCharges: 1,
    outboxWaiting: 1,
    migrationsRunning: 0,
    queueWaiting: 0,
    queueActive: 0,
    queueDelayed: 0,
    eventsMissing: 0,
  })
})

test('counts the events of payments that the shop has not recorded, planned ones too', async () => {
  counted = { captured: 1, events: 3 }
  answer = { ...books, events: [{ id: 'ev-1' }, { id: 'ev-2' }] }
  await using reader = open()
  expect((await reader.counters())['eventsMissing']).toBe(2)
  expect((await reader.partialCounters()).counters).toMatchObject({ eventsMissing: 2 })
  expect((await reader.read()).paymentEvents).toHaveLength(2)
  counted = { captured: 1 }
  answer = books
})

test('all tables belong to one moment, even while the shop writes orders', async () => {
  await using reader = open()
  const client = new Client({ connectionString: stores.databaseUrl })
  await client.connect()
  const writing = (async () => {
    for (let i = 0; i < 60; i++)
      await client.query(
        `WITH o AS (INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
                    VALUES ($1, $1, 'c', 'mug', 1, 1200, 'placed') RETURNING id)
         INSERT INTO outbox (topic, order_id, payload) SELECT 'orders', id, '{}' FROM o`,
        [`moment-${i}`],
      )
  })()
  for (let i = 0; i < 15; i++) {
    const { orders, outbox, orderEvents } = await reader.read()
    expect(outbox).toHaveLength(orders.length)
    expect(orderEvents).toHaveLength(orders.length + 1)
  }
  await writing
  await client.end()
})

test('an error names the source that cannot be read, and there is no partial snapshot', async () => {
  await using noPayments = createTruthReader({
    ...stores,
    paymentsUrl: 'http://127.0.0.1:1',
    timeoutMs: 500,
  })
  await expect(noPayments.read()).rejects.toThrow(/^payments cannot be read/)
  answer = { hello: 'world' }
  await using otherBooks = open()
  await expect(otherBooks.read()).rejects.toThrow(/GET \/books .*no charges/)
  answer = books
  counted = {}
  await expect(otherBooks.counters()).rejects.toThrow(/GET \/books\/counts .*captured/)
  counted = { captured: 1 }
  await using noRedis = createTruthReader({
    ...stores,
    paymentsUrl,
    redisUrl: 'redis://127.0.0.1:1',
    timeoutMs: 500,
  })
  await expect(noRedis.read()).rejects.toThrow(/^Redis cannot be read/)
})

test('work is final when the order with the key of the client has a final status', async () => {
  await using reader = open()
  expect(await reader.isFinal('o-7f-000001')).toBe(true)
  expect(await reader.isFinal('o-7f-999999')).toBe(false)
  await withPostgres(stores.databaseUrl, async (client) => {
    await client.query(`UPDATE orders SET status = 'charging' WHERE id = $1`, [orderId])
  })
  expect(await reader.isFinal('o-7f-000001')).toBe(false)
})
