import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { loseReplies } from '#services/test/lose-replies.ts'
import type { LossyFront } from '#services/test/lose-replies.ts'
import { openOtlpReceiver } from '#services/test/otlp-receiver.ts'
import type { OtlpReceiver, ReceivedSpan } from '#services/test/otlp-receiver.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'
import { createTestShop } from '#services/test/shop.ts'
import type { TestShop } from '#services/test/shop.ts'
import { startService } from '#services/test/start-service.ts'
import type { RunningService } from '#services/test/start-service.ts'

const stack = new AsyncDisposableStack()
let stores: ShopStores
let shop: TestShop
let receiver: OtlpReceiver
let link: LossyFront
let worker: RunningService

beforeAll(async () => {
  stores = stack.use(openShopStores(await startTestStores()))
  receiver = stack.use(await openOtlpReceiver())
  const payments = stack.use(await startService('payments', { SERVICE_MS: '5', ...exporting() }))
  link = stack.use(await loseReplies(payments.url))
  const api = stack.use(await startApi(exporting()))
  shop = createTestShop(stores, api, payments)
  worker = stack.use(await startWorker())
})
afterAll(async () => await stack.disposeAsync())
beforeEach(async () => await stores.makeNew())

const exporting = () => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_BSP_SCHEDULE_DELAY: '50',
  OTEL_METRIC_EXPORT_INTERVAL: '200',
})
const startApi = async (more: Readonly<Record<string, string>>) =>
  await startService('api', {
    INSTANCE: 'api-1',
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    PAYMENTS_URL: link.url,
    ...more,
  })
const startWorker = async (more: Readonly<Record<string, string>> = {}) =>
  await shop.startWorker({
    ...exporting(),
    PAYMENTS_URL: link.url,
    NETS_OFF: 'reconciler',
    JOB_BACKOFF_MS: '10',
    OUTBOX_POLL_MS: '20',
    ...more,
  })

const limits = { timeout: 40_000, interval: 50 }
const isPaid = async (key: string): Promise<void> => {
  await vi.waitFor(async () => expect(await shop.statuses()).toEqual({ [key]: 'paid' }), limits)
}
const placed = (key: string): ReceivedSpan | undefined =>
  receiver.spans.find(
    ({ name, attributes }) => name === 'POST /orders' && attributes['shop.idempotency_key'] === key,
  )

/** All spans of the order's trace, when they have arrived from every process. */
async function traceOf(
  key: string,
  deliveries: number,
  requestsToPayments = 1,
): Promise<readonly ReceivedSpan[]> {
  return await vi.waitFor(() => {
    const { traceId } = placed(key) ?? {}
    const spans = receiver.spans.filter((span) => span.traceId === traceId)
    expect(spans.filter(({ name }) => name === 'process orders')).toHaveLength(deliveries)
    expect(spans.filter(({ service }) => service === 'payments').length).toBeGreaterThanOrEqual(
      requestsToPayments,
    )
    return spans
  }, limits)
}

/** `worker process orders` and so on, each once for each span, with the name of its parent. */
function outline(spans: readonly ReceivedSpan[]): readonly string[] {
  const names = new Map(spans.map((span) => [span.spanId, `${span.service} ${span.name}`]))
  return spans
    .filter(({ attributes }) => attributes['db.system.name'] === undefined)
    .map(
      ({ spanId, parentSpanId, isError }) =>
        `${names.get(parentSpanId ?? '') ?? '-'} > ${names.get(spanId)}${isError ? ' !' : ''}`,
    )
    .toSorted()
}

test('an order with a lost reply and a redelivery is one trace from the API to payments', async () => {
  // The reply to the charge, and the reply to the look into the books after it.
  link.lose(2)
  await shop.place('key-0001')
  await isPaid('key-0001')
  const trace = await traceOf('key-0001', 2, 3)
  expect(outline(trace)).toEqual(
    [
      '- > api POST /orders',
      'api POST /orders > api write outbox',
      'api write outbox > worker send orders',
      'worker send orders > worker process orders !',
      'worker process orders > worker POST /charges !',
      'worker POST /charges > payments POST /charges',
      'worker process orders > worker GET /charges/by-key/{key} !',
      'worker GET /charges/by-key/{key} > payments GET /charges/by-key/:key',
      'worker send orders > worker process orders',
      'worker process orders > worker POST /charges',
      'worker POST /charges > payments POST /charges',
    ].toSorted(),
  )
  const [first, second] = trace
    .filter(({ name }) => name === 'process orders')
    .toSorted((a, b) => a.startMs - b.startMs)
  expect(first?.links).toEqual([])
  expect(second?.links.map(({ traceId, spanId }) => ({ traceId, spanId }))).toEqual([
    { traceId: first?.traceId, spanId: first?.spanId },
  ])
  expect(trace.find(({ name }) => name === 'INSERT outbox')?.attributes).toMatchObject({
    'db.system.name': 'postgresql',
    'db.operation.name': 'INSERT',
    'db.collection.name': 'outbox',
  })
  const { rows } = await stores.database.query<{ traceparent: string }>(
    `SELECT payload->>'traceparent' AS traceparent FROM outbox`,
  )
  expect(rows[0]?.traceparent).toContain(first?.traceId)
})

test('a worker with telemetry accepts a message of an API without it', async () => {
  await using api = await startApi({ INSTANCE: 'api-2' })
  await createTestShop(stores, api, shop.payments).place('key-0004')
  await isPaid('key-0004')
  await vi.waitFor(() => {
    const deliveries = receiver.spans.filter(({ name }) => name === 'process orders')
    expect(deliveries.map(({ attributes }) => attributes['shop.order.id'])).toContainEqual(
      expect.stringMatching(/^key-0004\./),
    )
  }, limits)
})

test('a line of the log names its trace, on standard output and in what is exported', async () => {
  await shop.place('key-0005', { note: '\u001B[2J' })
  await vi.waitFor(
    async () => expect(await shop.statuses()).toEqual({ 'key-0005': 'parked' }),
    limits,
  )
  const [delivery] = (await traceOf('key-0005', 1, 0)).filter(
    ({ name }) => name === 'process orders',
  )
  const line = worker
    .output()
    .split('\n')
    .find((text) => text.includes('"order parked"'))
  expect(JSON.parse(line ?? '{}')).toMatchObject({ trace_id: delivery?.traceId })
  await vi.waitFor(
    () =>
      expect(receiver.logs).toContainEqual({
        service: 'worker',
        severity: 'WARN',
        message: 'order parked',
        traceId: delivery?.traceId,
      }),
    limits,
  )
})

test('metrics have the names of the conventions, and those of /metrics', async () => {
  await shop.place('key-0006')
  await isPaid('key-0006')
  await vi.waitFor(() => {
    expect([...(receiver.metrics.get('api') ?? [])]).toEqual(
      expect.arrayContaining([
        'http.server.request.duration',
        'db.client.operation.duration',
        'messaging.client.operation.duration',
        'orders_placed_total',
        'database_waiting',
      ]),
    )
    expect([...(receiver.metrics.get('worker') ?? [])]).toEqual(
      expect.arrayContaining([
        'messaging.process.duration',
        'http.client.request.duration',
        'deliveries_total',
      ]),
    )
  }, limits)
})

test('a delivery after the death of its worker links to the one that was never exported', async () => {
  const quick = { JOB_LOCK_MS: '300', JOB_STALLED_INTERVAL_MS: '200' }
  await worker.end('SIGTERM')
  {
    // Payments does not respond, so the worker dies with the job.
    process.kill(shop.payments.pid, 'SIGSTOP')
    await using dying = await startWorker({ ...quick, PAYMENTS_TIMEOUT_MS: '20000' })
    await shop.place('key-0002')
    await vi.waitFor(
      async () => expect(await shop.statuses()).toEqual({ 'key-0002': 'charging' }),
      limits,
    )
    await dying.end('SIGKILL')
  }
  process.kill(shop.payments.pid, 'SIGCONT')
  await using _worker = await startWorker({ ...quick, INSTANCE: 'worker-2' })
  await isPaid('key-0002')
  const trace = await traceOf('key-0002', 1)
  const delivery = trace.find(({ name }) => name === 'process orders')
  expect(delivery?.instance).toBe('worker-2')
  expect(delivery?.attributes['shop.delivery']).toBe(2)
  const [linked] = delivery?.links ?? []
  expect(linked?.traceId).toBe(delivery?.traceId)
  expect(trace.map(({ spanId }) => spanId)).not.toContain(linked?.spanId)
})

test('an order that the reconciler enqueues again stays one trace, with a link to the first message', async () => {
  await worker.end('SIGTERM')
  {
    // Nothing listens there: the delivery fails, and its retry waits in the queue until that loses it.
    await using _first = await startWorker({
      PAYMENTS_URL: 'http://127.0.0.1:1',
      JOB_BACKOFF_MS: '60000',
    })
    await shop.place('key-0007')
    await vi.waitFor(() => {
      const deliveries = receiver.spans.filter(({ name }) => name === 'process orders')
      expect(deliveries.map(({ traceId }) => traceId)).toContain(placed('key-0007')?.traceId)
    }, limits)
  }
  await stores.redis.flushall()
  await using _worker = await startWorker({
    INSTANCE: 'worker-2',
    NETS_OFF: '',
    RECONCILE_AFTER_MS: '100',
    RECONCILE_INTERVAL_MS: '50',
  })
  await isPaid('key-0007')
  const trace = await traceOf('key-0007', 2)
  const written = trace.find(({ name }) => name === 'write outbox')
  const again = trace.filter(
    ({ name, instance }) => name === 'send orders' && instance === 'worker-2',
  )
  expect(again.map(({ parentSpanId }) => parentSpanId)).toContain(written?.spanId)
  expect(again[0]?.links).toMatchObject([{ traceId: written?.traceId, spanId: written?.spanId }])
  const delivery = trace.find(
    ({ name, instance }) => name === 'process orders' && instance === 'worker-2',
  )
  expect(again.map(({ spanId }) => spanId)).toContain(delivery?.parentSpanId)
})

test('a worker without telemetry accepts a message that names a trace', async () => {
  await worker.end('SIGTERM')
  await using _worker = await startWorker({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })
  await shop.place('key-0003')
  await isPaid('key-0003')
  expect(await shop.count(`outbox WHERE payload ? 'traceparent'`)).toBe(1)
})
