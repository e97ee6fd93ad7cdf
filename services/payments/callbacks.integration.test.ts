import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test, vi } from 'vitest'

import { isSigned } from '#services/lib/callbacks/payment-event.ts'
import { call } from '#services/test/call.ts'
import { openCallbackReceiver } from '#services/test/callback-receiver.ts'
import type { CallbackReceiver } from '#services/test/callback-receiver.ts'
import { startService } from '#services/test/start-service.ts'

const body = { orderId: 'o-1', customer: 'ann', amountCents: 900 }
const settings = (shop: CallbackReceiver) => ({
  CALLBACK_URL: shop.url,
  CALLBACK_SECRET: 'secret',
  CALLBACK_BACKOFF_MS: '10',
  CALLBACK_ATTEMPTS: '4',
  SETTLE_AFTER_MS: '20',
  DISPUTE_AFTER_MS: '20',
  SERVICE_MS: '1',
})
const charge = async (url: string, key: string, customer = 'ann') =>
  await call(`${url}/charges`, { body: { ...body, orderId: key, customer }, key })
const typesIn = (shop: CallbackReceiver): readonly string[] =>
  shop.received.map(({ event }) => event.type)
const limits = { timeout: 20_000, interval: 20 }

test('calls the shop back, signed, about each event of a charge, and lists the events', async () => {
  await using shop = await openCallbackReceiver()
  await using payments = await startService('payments', settings(shop))
  await charge(payments.url, 'o-1', 'disputed-ann')
  await charge(payments.url, 'o-2', 'declined-ann')
  await vi.waitFor(() => expect(typesIn(shop)).toHaveLength(3), limits)
  expect(typesIn(shop)).toEqual(['charge.captured', 'charge.settled', 'charge.refunded'])
  for (const { path: at, headers, text } of shop.received) {
    expect(at).toBe('/payment-events')
    expect(isSigned('secret', text, headers['payments-signature'], Date.now())).toBe(true)
  }
  const list = await call(`${payments.url}/events`)
  expect(list.body).toEqual({
    events: shop.received.map(({ event }, i) => ({ ...event, number: i + 1 })),
    isLast: true,
  })
  const rest = await call(`${payments.url}/events?after=2`)
  expect(rest.body['events']).toHaveLength(1)
  const books = (await call(`${payments.url}/books`)).body as unknown as {
    charges: readonly { refundedCents: number }[]
  }
  expect(books.charges.map(({ refundedCents }) => refundedCents)).toEqual([900, 0])
  expect((await call(`${payments.url}/books/counts`)).body).toEqual({ captured: 1, events: 3 })
})

test('repeats a callback until the shop acknowledges it, and gives it up after some attempts', async () => {
  await using shop = await openCallbackReceiver()
  const answers = new Map<string, (number | undefined)[]>([
    ['o-1', [503, undefined, 204]],
    ['o-2', [400, 500, 302, 503, 204]],
  ])
  shop.react = async ({ event }) =>
    event.type === 'charge.captured' ? answers.get(event.orderId)?.shift() : 204
  await using payments = await startService('payments', settings(shop))
  await charge(payments.url, 'o-1')
  await charge(payments.url, 'o-2')
  const about = (orderId: string): number =>
    shop.received.filter(
      ({ event }) => event.orderId === orderId && event.type === 'charge.captured',
    ).length
  await vi.waitFor(() => expect([about('o-1'), about('o-2')]).toEqual([3, 4]), limits)
  const events = async () =>
    ((await call(`${payments.url}/books`)).body['events'] as readonly { type: string }[]).toSorted(
      (a, b) => a.type.localeCompare(b.type),
    )
  await vi.waitFor(async () => expect(await events()).toMatchObject(outcomes), limits)
  expect((await call(`${payments.url}/events`)).body['events']).toHaveLength(4)
})

const outcomes = [
  { orderId: 'o-1', type: 'charge.captured', attempts: 3, deliveredAt: expect.any(String) },
  { orderId: 'o-2', type: 'charge.captured', attempts: 4, deliveredAt: null, closed: true },
  { type: 'charge.settled', attempts: 1, deliveredAt: expect.any(String) },
  { type: 'charge.settled', attempts: 1, deliveredAt: expect.any(String) },
]

test('a silent delivery does not hold up the others, so a later event may arrive first', async () => {
  await using shop = await openCallbackReceiver()
  const { promise: held, resolve: release } = Promise.withResolvers<number>()
  shop.react = async ({ event }) => (event.sequence === 1 ? await held : 204)
  await using payments = await startService('payments', settings(shop))
  await charge(payments.url, 'o-1')
  await vi.waitFor(() => expect(typesIn(shop)).toContain('charge.settled'), limits)
  release(204)
  await vi.waitFor(
    async () =>
      expect((await call(`${payments.url}/books`)).body['events']).toMatchObject([
        { deliveredAt: expect.any(String) },
        { deliveredAt: expect.any(String) },
      ]),
    limits,
  )
})

test('delivers after a restart what it owed when it was killed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'books-'))
  try {
    await using shop = await openCallbackReceiver()
    shop.react = async () => 503
    const environment = { ...settings(shop), BOOKS_FILE: path.join(folder, 'books.sqlite') }
    const slow = { ...environment, SETTLE_AFTER_MS: '300', CALLBACK_BACKOFF_MS: '300' }
    const payments = await startService('payments', slow)
    await charge(payments.url, 'o-1')
    await vi.waitFor(() => expect(shop.received).not.toEqual([]), limits)
    await payments.end('SIGKILL')
    shop.react = async () => 204
    await using again = await startService('payments', environment)
    await vi.waitFor(
      async () =>
        expect((await call(`${again.url}/books`)).body['events']).toMatchObject([
          { type: 'charge.captured', deliveredAt: expect.any(String) },
          { type: 'charge.settled', deliveredAt: expect.any(String) },
        ]),
      limits,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('has no events without an address for callbacks, and no start without a secret', async () => {
  await using payments = await startService('payments', { SERVICE_MS: '1' })
  await charge(payments.url, 'o-1', 'disputed-ann')
  expect((await call(`${payments.url}/events`)).status).toBe(404)
  expect((await call(`${payments.url}/books`)).body['events']).toBeUndefined()
  await expect(startService('payments', { CALLBACK_URL: 'http://127.0.0.1:1' })).rejects.toThrow(
    'CALLBACK_SECRET',
  )
})
