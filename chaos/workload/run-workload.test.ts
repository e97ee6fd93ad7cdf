import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import type { Operation } from '#chaos/contracts/history.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { testWorkload } from '#chaos/shop/workload/testing/test-workload.ts'
import type { TestWorkload } from '#chaos/shop/workload/testing/test-workload.ts'
import { system } from '#chaos/system.ts'

import { runWorkload } from './run-workload.ts'
import type { WorkloadRequest } from './run-workload.ts'

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The URL of a port without a listener. */
async function refusingUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function accept(request: IncomingMessage, response: ServerResponse): void {
  const key = String(request.headers['idempotency-key'])
  answer(response, 201, { orderId: `${key}.ab12`, key, status: 'placed', amountCents: 450 })
}

async function run(
  urls: readonly string[],
  workload: TestWorkload,
  over: Partial<WorkloadRequest> = {},
) {
  return await runWorkload({
    system,
    workload: testWorkload(workload),
    targets: urls.map((url, i) => ({ instance: `api-${i + 1}`, url })),
    probe: async () => true,
    clock: systemClock,
    random: createRandom(7),
    signal: new AbortController().signal,
    tag: '7f',
    ...over,
  })
}

const client = { ...testWorkload().client, attemptTimeoutMs: 60, deadlineMs: 400 }

test('sends every kind of operation and records the responses', async () => {
  const url = await listen((request, response) => {
    if (request.url === '/orders') return accept(request, response)
    if (request.url?.startsWith('/orders/'))
      return answer(response, 200, { orderId: 'o.x', status: 'paid' })
    answer(response, 200, { sku: 'tea', complete: request.url === '/quotes' })
  })
  const rates = { ordersPerSecond: 40, browsePerSecond: 20, quotesPerSecond: 20 }
  const seen: Operation[] = []
  const { operations, notSent, nothingToRead } = await run(
    [url],
    // Long timeouts and a long load: even on a busy machine an order is known before the last order read.
    {
      ...rates,
      readOrdersPerSecond: 20,
      durationMs: 1_500,
      client: { ...client, attemptTimeoutMs: 5_000, deadlineMs: 10_000 },
    },
    { onOperation: (operation) => seen.push(operation) },
  )
  expect(notSent).toBe(0)
  expect(operations).toHaveLength(150 - nothingToRead)
  expect(seen).toHaveLength(operations.length)
  expect(operations.every(({ outcome }) => outcome === 'ok')).toBe(true)
  expect(operations.find(({ kind }) => kind === 'place-order')).toMatchObject({
    key: 'o-7f-000001',
    orderId: 'o-7f-000001.ab12',
    amountCents: 450,
    answer: 'placed',
    sku: 'tea',
    attempts: [{ instance: 'api-1', status: 201 }],
  })
  expect(operations.find(({ kind }) => kind === 'read-order')?.answer).toBe('paid')
  expect(operations.find(({ kind }) => kind === 'quote')?.answer).toBe('complete')
})

test('arrivals keep their times while the shop does not respond', async () => {
  const url = await listen(() => {})
  const { operations, inFlightPeak } = await run([url], {
    ordersPerSecond: 100,
    durationMs: 300,
    client: { ...client, attemptTimeoutMs: 400, deadlineMs: 400 },
  })
  expect(inFlightPeak).toBeGreaterThan(20)
  expect(
    operations.every(({ outcome, answer: why }) => outcome === 'unknown' && why === 'timeout'),
  ).toBe(true)
})

test('`over` ends the arrivals, and operations in flight finish', async () => {
  const over = new AbortController()
  const waiting: ServerResponse[] = []
  const url = await listen((_request, response) => {
    waiting.push(response)
    if (waiting.length < 3 && !over.signal.aborted) return
    over.abort()
    for (const each of waiting.splice(0)) answer(each, 200, { sku: 'tea' })
  })
  const { operations, notSent } = await run(
    [url],
    {
      ordersPerSecond: 0,
      browsePerSecond: 100,
      durationMs: 60_000,
      client: { ...client, attemptTimeoutMs: 10_000, deadlineMs: 10_000 },
    },
    { over: over.signal },
  )
  expect(operations.length).toBeLessThan(100)
  expect(operations.every(({ outcome }) => outcome === 'ok')).toBe(true)
  expect(notSent).toBe(0)
})

test('arrivals beyond inFlightMax are counted and not sent', async () => {
  const url = await listen(() => {})
  const { operations, notSent } = await run(
    [url],
    { ordersPerSecond: 50, durationMs: 200, client },
    { inFlightMax: 4 },
  )
  expect(operations).toHaveLength(4)
  expect(notSent).toBe(6)
})

test('an unknown attempt is retried at another instance with the same key', async () => {
  const keys: unknown[] = []
  const mute = await listen((request) => keys.push(request.headers['idempotency-key']))
  const good = await listen((request, response) => {
    keys.push(request.headers['idempotency-key'])
    accept(request, response)
  })
  const { operations } = await run([good, mute], { ordersPerSecond: 20, durationMs: 100, client })
  expect(operations.map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
  const retried = operations.find(({ attempts }) => attempts.length === 2)
  expect(retried?.attempts.map(({ instance }) => instance)).toEqual(['api-2', 'api-1'])
  expect(retried?.attempts[0]).toMatchObject({ error: 'timeout', sent: true })
  expect(keys.filter((key) => key === retried?.key)).toHaveLength(2)
})

test('a refused connection uses no retry and has no effect', async () => {
  const down = await refusingUrl()
  const good = await listen(accept)
  const noRetries = { ...client, retriesMax: 0 }
  const moved = await run([down, good], {
    ordersPerSecond: 20,
    durationMs: 200,
    client: noRetries,
  })
  expect(moved.operations.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok'])
  const refused = await run([down], { ordersPerSecond: 20, durationMs: 100, client: noRetries })
  expect(refused.operations[0]).toMatchObject({
    outcome: 'fail',
    attempts: [{ error: 'ECONNREFUSED', sent: false }],
  })
})

test('does not retry a definite refusal, and records its code', async () => {
  const url = await listen((_, response) =>
    answer(response, 409, { error: 'sold-out', message: 'No tea left.', definite: true }),
  )
  const { operations } = await run([url], { ordersPerSecond: 20, durationMs: 100, client })
  expect(operations[0]).toMatchObject({ outcome: 'fail', answer: 'sold-out' })
  expect(operations[0]?.attempts).toHaveLength(1)
})

const overloaded = { error: 'overloaded', message: 'Try again later.', definite: true }

/** Each request is answered with the next of these; the last one again and again. */
async function listenInTurn(
  ...turns: readonly (readonly [status: number, retryAfter?: string])[]
): Promise<string> {
  let next = 0
  return await listen((request, response) => {
    const [status, retryAfter] = turns[Math.min(next++, turns.length - 1)] ?? [500]
    if (status === 201) return accept(request, response)
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter)
    answer(response, status, overloaded)
  })
}

const oneOrder = { ordersPerSecond: 10, durationMs: 100 }

test.for([503, 429])(
  'waits for the Retry-After of a %i, and sends the same key',
  async (status) => {
    const url = await listenInTurn([status, '1'], [201])
    const patient = { ...client, attemptTimeoutMs: 5_000, deadlineMs: 20_000 }
    const { operations } = await run([url], { ...oneOrder, client: patient })
    expect(operations).toMatchObject([{ outcome: 'ok', attempts: [{ status }, { status: 201 }] }])
    const [first, second] = operations[0]?.attempts ?? []
    expect((second?.startMs ?? 0) - (first?.endMs ?? 0)).toBeGreaterThanOrEqual(990)
  },
)

test('gives up if Retry-After ends after the deadline, or the client ignores it', async () => {
  const url = await listenInTurn([503, '60'])
  const patient = { ...client, attemptTimeoutMs: 5_000, deadlineMs: 20_000 }
  const late = await run([url], { ...oneOrder, client: patient })
  expect(late.operations).toMatchObject([{ outcome: 'fail', attempts: [{ status: 503 }] }])
  const soon = await listenInTurn([503, '1'])
  const leaving = { ...patient, ignoresRetryAfter: true as const }
  const left = await run([soon], { ...oneOrder, client: leaving })
  expect(left.operations).toMatchObject([{ outcome: 'fail', attempts: [{ status: 503 }] }])
})

test('gives up at the deadline', async () => {
  const url = await listen(() => {})
  const { operations } = await run([url], {
    ordersPerSecond: 10,
    durationMs: 100,
    client: { ...client, retriesMax: 1_000, deadlineMs: 1_500 },
  })
  const [operation] = operations
  expect(operation?.attempts.length).toBeGreaterThan(1)
  const lastStartMs = operation?.attempts.at(-1)?.startMs ?? 0
  expect(lastStartMs - (operation?.startMs ?? 0)).toBeLessThan(1_500)
})

test('an abort ends the load and the operations in flight', async () => {
  const stop = new AbortController()
  let arrived = 0
  const url = await listen(() => {
    arrived += 1
    if (arrived === 3) stop.abort()
  })
  const patient = { ...client, attemptTimeoutMs: 60_000, deadlineMs: 60_000 }
  const { operations } = await run(
    [url],
    { ordersPerSecond: 50, durationMs: 60_000, client: patient },
    { signal: stop.signal },
  )
  // One that had no connection yet has had no effect.
  const sent = operations.filter(({ attempts }) => attempts.some((attempt) => attempt.sent))
  expect(sent.length).toBeGreaterThanOrEqual(3)
  expect(sent.every(({ outcome }) => outcome === 'unknown')).toBe(true)
})
