import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { readCharge } from '#services/worker/seams/read-charge.ts'

import { askForMethods, createPaymentsClient } from './payments-client.ts'
import type { Charge, PaymentsClient } from './payments-client.ts'
import { connectToPayments } from './payments/connection.ts'
import type { PaymentsAnswer, PaymentsConnection } from './payments/connection.ts'

const request = { orderId: 'o-1', customer: 'ann', amountCents: 900, idempotencyKey: 'charge:o-1' }
const charge: Charge = {
  id: 'ch_1',
  orderId: 'o-1',
  idempotencyKey: 'charge:o-1',
  amountCents: 900,
  status: 'captured',
}
const refusal = { error: 'overloaded', message: 'Too many requests are waiting.', definite: true }
const page = '<html><body>Service unavailable</body></html>'

function connectionTo(status: number, body: unknown): PaymentsConnection {
  const answer: PaymentsAnswer = { status, headers: {}, body }
  return { call: async () => answer, close: async () => {} }
}

function clientOf(status: number, body: unknown): PaymentsClient {
  return createPaymentsClient(connectionTo(status, body), readCharge)
}

/** Bodies that are not the charge under the key that was requested. */
const notTheCharge: readonly (readonly [string, unknown])[] = [
  ['an error', { error: 'temporarily unavailable' }],
  ['a charge without an id', { ...charge, id: undefined }],
  ['a charge with an empty id', { ...charge, id: '' }],
  ['a charge with a number as id', { ...charge, id: 17 }],
  ['another status', { ...charge, status: 'pending' }],
  ['an amount as text', { ...charge, amountCents: '900' }],
  ['the charge of another key', { ...charge, idempotencyKey: 'charge:o-2' }],
  ['a list', [charge]],
  ['null', null],
  ['a page', page],
  ['half an object', '{"id":"ch_1","orderId":"o-1"'],
  ['nothing', ''],
]

test.for(notTheCharge)('%s with status 200 does not answer', async ([, body]) => {
  const noAnswer = { name: 'PaymentsError', kind: 'no-answer' }
  const client = clientOf(200, body)
  await expect(client.charge(request)).rejects.toMatchObject(noAnswer)
  await expect(client.findCharge('charge:o-1')).rejects.toMatchObject(noAnswer)
})

test.for([
  ['order', { ...charge, orderId: 'o-2' }],
  ['amount', { ...charge, amountCents: 901 }],
])('a charge of another %s does not answer', async ([, body]) => {
  await expect(clientOf(201, body).charge(request)).rejects.toMatchObject({ kind: 'no-answer' })
})

test('a charge of this request is the answer, captured or declined, with any other fields', async () => {
  const body = { ...charge, refundedCents: 0, at: '2026-01-05T10:00:00.000Z' }
  expect(await clientOf(201, body).charge(request)).toMatchObject(charge)
  expect(await clientOf(200, body).findCharge('charge:o-1')).toMatchObject(charge)
  const declined = { ...charge, status: 'declined' }
  expect(await clientOf(201, declined).charge(request)).toEqual(declined)
})

test('only payments itself can refuse, or not know a charge', async () => {
  await expect(clientOf(503, refusal).charge(request)).rejects.toMatchObject({ kind: 'overloaded' })
  await expect(clientOf(422, refusal).charge(request)).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('Too many requests') as string,
  })
  for (const body of [page, '', null, { message: 7 }, {}])
    await expect(clientOf(502, body).charge(request)).rejects.toMatchObject({ kind: 'no-answer' })
  const unknown = { error: 'unknown-charge', message: 'There is no charge.', definite: true }
  expect(await clientOf(404, unknown).findCharge('charge:o-1')).toBeUndefined()
  await expect(clientOf(404, page).findCharge('k')).rejects.toMatchObject({ kind: 'no-answer' })
})

test('payment methods are a list of methods with a fee', async () => {
  const methods = [{ method: 'card', feeCents: 9 }]
  expect(await askForMethods(connectionTo(200, { amountCents: 900, methods }), 900)).toEqual(
    methods,
  )
  const bad = [{}, { methods: 'card' }, { methods: [{ method: 'card' }] }, { methods }]
  const ofAnotherAmount = { amountCents: 800, methods }
  for (const body of [...bad, ofAnotherAmount, page])
    await expect(askForMethods(connectionTo(200, body), 900)).rejects.toMatchObject({
      kind: 'no-answer',
    })
})

test('a body is parsed JSON or text; one that is too long is not read', async () => {
  const bodies = ['{"a":1}', page, '', 'null', 'x'.repeat(1_100_000)]
  const server = createServer((_request, response) => response.end(bodies.shift()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const connection = connectToPayments({ url, timeoutMs: 10_000, connectionsMax: 1 })
  onTestFinished(async () => {
    await connection.close()
    server.closeAllConnections()
    server.close()
  })
  const get = async () => await connection.call({ method: 'GET', path: '/' })
  expect((await get()).body).toEqual({ a: 1 })
  expect(await get()).toMatchObject({ status: 200, body: page })
  expect((await get()).body).toBe('')
  expect((await get()).body).toBeNull()
  await expect(get()).rejects.toMatchObject({ kind: 'no-answer' })
})
