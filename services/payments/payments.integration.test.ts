import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

import { call } from '#services/test/call.ts'
import { startService } from '#services/test/start-service.ts'

const body = { orderId: 'o-1', customer: 'ann', amountCents: 6_000 }

test('charges, replays, finds and shows its books', async () => {
  await using payments = await startService('payments', {})
  const first = await call(`${payments.url}/charges`, { body, key: 'charge:o-1' })
  const again = await call(`${payments.url}/charges`, { body, key: 'charge:o-1' })
  expect([first.status, again.status]).toEqual([201, 201])
  expect(again.text).toBe(first.text)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect((await call(`${payments.url}/charges/by-key/charge%3Ao-1`)).text).toBe(first.text)
  expect((await call(`${payments.url}/charges/by-key/none`)).status).toBe(404)
  expect((await call(`${payments.url}/charges`, { body })).status).toBe(400)
  const other = await call(`${payments.url}/charges`, {
    body: { ...body, amountCents: 1 },
    key: 'charge:o-1',
  })
  expect(other).toMatchObject({ status: 422, body: { error: 'key-reused' } })
  const books = await call(`${payments.url}/books`)
  expect(books.body).toEqual({
    charges: [first.body],
    chargeRequests: ['charged', 'replayed', 'conflict'].map((outcome) => ({
      orderId: 'o-1',
      idempotencyKey: 'charge:o-1',
      outcome,
      at: expect.any(String),
    })),
  })
  expect((await call(`${payments.url}/payment-methods?amountCents=6000`)).body).toEqual({
    amountCents: 6_000,
    methods: [
      { method: 'card', feeCents: 60 },
      { method: 'transfer', feeCents: 0 },
      { method: 'instalments', feeCents: 300 },
    ],
  })
})

test('refuses requests that exceed its queue, and still shows its books', async () => {
  await using payments = await startService('payments', {
    CAPACITY: '1',
    QUEUE_MAX: '1',
    SERVICE_MS: '300',
  })
  const answers = await Promise.all(
    ['a', 'b', 'c'].map(async (key) => await call(`${payments.url}/charges`, { body, key })),
  )
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(2)
  const refused = answers.find(({ status }) => status === 503)
  expect(refused?.body).toMatchObject({ error: 'overloaded', definite: true })
  expect(refused?.tookMs).toBeLessThan(300)
})

test('continues when its caller disconnects, and keeps its books when it is killed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'books-'))
  try {
    const environment = { BOOKS_FILE: path.join(folder, 'books.sqlite'), SERVICE_MS: '150' }
    const payments = await startService('payments', environment)
    const gone = fetch(`${payments.url}/charges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'charge:o-1' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(50),
    })
    await expect(gone).rejects.toThrow('timeout')
    const charges = async (url: string) => (await call(`${url}/books`)).body['charges']
    await expect.poll(async () => await charges(payments.url)).toHaveLength(1)
    await payments.end('SIGKILL')
    await using again = await startService('payments', environment)
    expect(await charges(again.url)).toHaveLength(1)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('amounts, keys and addresses beyond their bounds are refused with a short message', async () => {
  await using payments = await startService('payments', {})
  const tooMuch = { ...body, amountCents: 1_000_000_001 }
  const answers = [
    await call(`${payments.url}/charges`, { body: tooMuch, key: 'a' }),
    await call(`${payments.url}/charges`, { body, key: 'k'.repeat(301) }),
    await call(`${payments.url}/payment-methods?amountCents=x`),
    await call(`${payments.url}/charges/by-key/${'x'.repeat(5_000)}`),
  ]
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 414])
  for (const { text } of answers) expect(text.length).toBeLessThan(200)
})
