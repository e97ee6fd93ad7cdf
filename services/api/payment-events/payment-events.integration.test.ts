import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { signatureHeader, signCallback } from '#services/lib/callbacks/payment-event.ts'
import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import { call } from '#services/test/call.ts'
import { forward, openCallbackReceiver } from '#services/test/callback-receiver.ts'
import type { CallbackReceiver, ReceivedCallback } from '#services/test/callback-receiver.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'
import { startService } from '#services/test/start-service.ts'
import type { RunningService } from '#services/test/start-service.ts'

const stack = new AsyncDisposableStack()
let stores: ShopStores
let callbacks: CallbackReceiver
let payments: RunningService
let api: RunningService
let worker: RunningService

const secret = 'secret'
const limits = { timeout: 40_000, interval: 50 }

beforeAll(async () => {
  stores = stack.use(openShopStores(await startTestStores()))
  await stores.makeNew()
  callbacks = stack.use(await openCallbackReceiver())
  payments = stack.use(
    await startService('payments', {
      CALLBACK_URL: callbacks.url,
      CALLBACK_SECRET: secret,
      CALLBACK_BACKOFF_MS: '20',
      CALLBACK_ATTEMPTS: '3',
      SETTLE_AFTER_MS: '50',
      DISPUTE_AFTER_MS: '50',
      SERVICE_MS: '2',
    }),
  )
  const environment = {
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    PAYMENTS_URL: payments.url,
  }
  api = stack.use(
    await startService('api', {
      ...environment,
      INSTANCE: 'api-1',
      CALLBACK_SECRET: secret,
      COMPARE_EVENTS_INTERVAL_MS: '100',
      COMPARE_EVENTS_AFTER_MS: '400',
    }),
  )
  worker = stack.use(await startService('worker', { ...environment, INSTANCE: 'worker-1' }))
})
afterAll(async () => await stack.disposeAsync())
beforeEach(async () => {
  process.kill(worker.pid, 'SIGCONT')
  // The events of the test before belong to orders that no longer exist.
  await stores.makeNew()
  callbacks.react = async (callback) => await forward(callback, api.url)
})

const place = async (key: string, customer = 'ann') =>
  await call(`${api.url}/orders`, { body: { sku: 'tea', quantity: 2, customer }, key })
const rows = async (sql: string): Promise<readonly object[]> =>
  (await stores.database.query<Record<string, unknown>>(sql)).rows
const order = async (key: string) =>
  (await rows(`SELECT status, payment_state FROM orders WHERE client_key = '${key}'`))[0]
const recorded = async (key: string) =>
  await rows(
    `SELECT type, sequence, instance FROM payment_events WHERE order_id LIKE '${key}.%' ORDER BY sequence`,
  )
const ledger = async (key: string) =>
  await rows(
    `SELECT kind, sum(amount_cents) FILTER (WHERE account = 'sales')::int AS sales
     FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
     WHERE order_id LIKE '${key}.%' GROUP BY kind ORDER BY kind`,
  )
const ends = async (key: string, end: object): Promise<void> => {
  await vi.waitFor(async () => expect(await order(key)).toEqual(end), limits)
}
const refunded = { status: 'refunded', payment_state: 'refunded' }
const isAbout = (key: string, { event }: ReceivedCallback): boolean =>
  event.orderId.startsWith(`${key}.`)

const allThree = ['captured', 'settled', 'refunded'].map((state, i) => ({
  type: `charge.${state}`,
  sequence: i + 1,
  instance: 'api-1',
}))

test('a charge settles, and a disputed one is refunded: the order and the ledger follow', async () => {
  await place('key-0001')
  await place('key-0002', 'disputed-bob')
  await ends('key-0001', { status: 'paid', payment_state: 'settled' })
  await ends('key-0002', refunded)
  await expect.poll(async () => await recorded('key-0002')).toEqual(allThree)
  expect(await ledger('key-0001')).toEqual([{ kind: 'charge', sales: -900 }])
  expect(await ledger('key-0002')).toEqual([
    { kind: 'charge', sales: -900 },
    { kind: 'refund', sales: 900 },
  ])
  const { orderId } = (await place('key-0002', 'disputed-bob')).body
  expect((await call(`${api.url}/orders/${String(orderId)}`)).body['status']).toBe('refunded')
  // On a busy machine a later callback may arrive first.
  const states = await rows(
    `SELECT state FROM payment_state_events WHERE order_id LIKE 'key-0002.%' ORDER BY id`,
  )
  expect(states.at(-1)).toEqual({ state: 'refunded' })
})

test('every event three times at once is booked once, without the safety net', async () => {
  await stores.makeNew({ netsOff: ['net_one_ledger_transaction_per_kind'] })
  callbacks.react = async (callback) => {
    const statuses = await Promise.all([1, 2, 3].map(async () => await forward(callback, api.url)))
    return Math.max(...statuses)
  }
  await place('key-1001', 'disputed-bob')
  await ends('key-1001', refunded)
  await expect.poll(async () => await recorded('key-1001')).toEqual(allThree)
  expect(await ledger('key-1001')).toEqual([
    { kind: 'charge', sales: -900 },
    { kind: 'refund', sales: 900 },
  ])
})

test('events in the reverse sequence end in the same state, and no state goes back', async () => {
  const held: ReceivedCallback[] = []
  callbacks.react = async (callback) => {
    if (!isAbout('key-2001', callback)) return 204
    held.push(callback)
    return held.length < 3 ? 503 : 204
  }
  await place('key-2001', 'disputed-bob')
  const newestFirst = () =>
    [...new Map(held.map((callback) => [callback.event.sequence, callback])).values()].toSorted(
      (a, b) => b.event.sequence - a.event.sequence,
    )
  await vi.waitFor(() => expect(newestFirst()).toHaveLength(3), limits)
  await ends('key-2001', { status: 'paid', payment_state: null })
  for (const callback of newestFirst()) expect(await forward(callback, api.url)).toBe(204)
  expect(await order('key-2001')).toEqual(refunded)
  await expect.poll(async () => await recorded('key-2001')).toEqual(allThree)
  expect(
    await rows(`SELECT state FROM payment_state_events WHERE order_id LIKE 'key-2001.%'`),
  ).toEqual([{ state: 'refunded' }])
})

test('events that never come are found in the list of payments', async () => {
  callbacks.react = async (callback) =>
    isAbout('key-3001', callback) ? undefined : await forward(callback, api.url)
  await place('key-3001', 'disputed-bob')
  await ends('key-3001', refunded)
  await expect.poll(async () => await recorded('key-3001')).toEqual(allThree)
})

test('a refund that comes before the charge is booked is refused, and then booked', async () => {
  process.kill(worker.pid, 'SIGSTOP')
  const { orderId } = (await place('key-4001')).body
  const refund = eventOf(String(orderId), { type: 'charge.refunded', sequence: 3 })
  expect(await send(refund)).toMatchObject({ status: 503, body: { error: 'not-paid-yet' } })
  expect(await recorded('key-4001')).toEqual([])
  expect(await order('key-4001')).toEqual({ status: 'placed', payment_state: null })
  process.kill(worker.pid, 'SIGCONT')
  await ends('key-4001', { status: 'paid', payment_state: 'settled' })
  expect((await send(refund)).status).toBe(204)
  expect(await order('key-4001')).toEqual(refunded)
})

test('refuses a wrong signature and a body that is not an event, without an effect', async () => {
  const event = eventOf('key-5001.abcdef', {})
  const answers = [
    await send(event, { key: 'other' }),
    await send(event, { ageMs: 301_000 }),
    await send({ ...event, type: 'charge.lost' }),
    await send('not json'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 400, 400])
  expect(await rows(`SELECT 1 FROM payment_events WHERE order_id LIKE 'key-5001%'`)).toEqual([])
})

test('an API without a secret has no route for callbacks and reads no events', async () => {
  await using other = await startService('api', {
    INSTANCE: 'api-2',
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    PAYMENTS_URL: 'http://127.0.0.1:1',
  })
  expect((await call(`${other.url}/payment-events`, { body: {} })).status).toBe(404)
  expect(other.output()).not.toContain('compare-events')
})

function eventOf(orderId: string, over: object): PaymentEvent {
  return {
    id: `ev_of ${orderId}`,
    type: 'charge.captured',
    chargeId: 'ch_1',
    orderId,
    amountCents: 900,
    sequence: 1,
    at: new Date().toISOString(),
    ...over,
  }
}

async function send(
  what: object | string,
  { key = secret, ageMs = 0 } = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const text = typeof what === 'string' ? what : JSON.stringify(what)
  const response = await fetch(`${api.url}/payment-events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      [signatureHeader]: signCallback(key, text, Date.now() - ageMs),
    },
    body: text,
    signal: AbortSignal.timeout(10_000),
  })
  const answer = await response.text()
  return { status: response.status, body: answer === '' ? undefined : JSON.parse(answer) }
}
