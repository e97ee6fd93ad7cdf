import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parse } from 'yaml'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { createFaultMetrics } from '#chaos/telemetry/fault-metrics.ts'
import { serveMetrics } from '#chaos/telemetry/serve-metrics.ts'
import { call } from '#services/test/call.ts'
import { hasPrometheus, startPrometheus } from '#services/test/prometheus.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'
import { createTestShop } from '#services/test/shop.ts'
import type { TestShop } from '#services/test/shop.ts'
import { startService } from '#services/test/start-service.ts'
import type { RunningService } from '#services/test/start-service.ts'

const fileOf = (name: string): string =>
  readFileSync(new URL(`../chaos/observability/${name}`, import.meta.url), 'utf8')

const stack = new AsyncDisposableStack()
let stores: ShopStores
let shop: TestShop
let worker: RunningService
let faults: Awaited<ReturnType<typeof serveMetrics>>

beforeAll(async () => {
  stores = stack.use(openShopStores(await startTestStores()))
  await stores.makeNew()
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
  worker = stack.use(await shop.startWorker())
  const metrics = createFaultMetrics()
  const fault = {
    id: 'latency-1',
    kind: 'latency',
    targets: ['api-1:postgres'],
    params: {},
    mechanism: 'toxic',
    by: 'user' as const,
    since: '',
    until: '',
    leaseMs: 60_000,
  }
  metrics.read({ seq: 1, at: '', ms: 0, type: 'fault', what: 'injected', fault })
  faults = stack.use(await serveMetrics(metrics, { host: '127.0.0.1', port: 0 }))
  await shop.place('key-0001')
  await call(`${api.url}/quotes`, { body: { sku: 'tea', quantity: 1 } })
  await vi.waitFor(
    async () => expect(await shop.statuses()).toEqual({ 'key-0001': 'paid' }),
    limits,
  )
})
afterAll(async () => await stack.disposeAsync())

const limits = { timeout: 40_000, interval: 50 }

interface Dashboard {
  readonly title: string
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
  readonly panels: readonly {
    readonly title: string
    readonly targets: readonly { readonly expr: string }[]
  }[]
}

const dashboards = ['requests', 'orders'].map(
  (name) => JSON.parse(fileOf(`grafana/dashboards/${name}.json`)) as Dashboard,
)
const rules = (
  parse(fileOf('alerts.yml')) as {
    groups: { rules: { alert: string; expr: string }[] }[]
  }
).groups.flatMap((group) => group.rules)
const expressions = [
  ...dashboards.flatMap(({ panels, annotations }) => [
    ...annotations.list.map(({ expr }) => expr),
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ]),
  ...rules.map(({ expr }) => expr),
]

/** Names of metrics in an expression: what is left without labels, functions, words and numbers. */
function metricsIn(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\bby\s*\([^)]*\)/g, ' ')
  return [...bare.matchAll(/\b[a-z][a-z0-9_]*\b(?!\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => name !== 'up' && name.includes('_'))
}

/** The names that Prometheus stores for the metrics of these texts. */
function namesIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name],
      ),
    ),
  )
}

test('every metric in a dashboard and in an alert is one that a process exports', async () => {
  const urls = [
    `${shop.api.url}/metrics`,
    `${worker.url}/metrics`,
    `${worker.url}/metrics/stores`,
    `${shop.payments.url}/metrics`,
    `http://127.0.0.1:${faults.port}/metrics`,
  ]
  const exported = namesIn(await Promise.all(urls.map(async (url) => (await fetch(url)).text())))
  const used = expressions.flatMap(metricsIn)
  expect(new Set(used).size).toBeGreaterThan(15)
  expect(used.filter((name) => !exported.has(name))).toEqual([])
})

test('each dashboard shows the faults as bands', () => {
  for (const { annotations } of dashboards)
    expect(annotations.list.map(({ expr }) => expr)).toEqual(['unhappy_fault_active == 1'])
})

test('a metric of the stores that cannot be read is absent, and the others are there', async () => {
  await stores.database.query('ALTER TABLE orders RENAME TO orders_away')
  const text = await (await fetch(`${worker.url}/metrics/stores`)).text()
  await stores.database.query('ALTER TABLE orders_away RENAME TO orders')
  expect(namesIn([text])).toEqual(
    new Set(['jobs_waiting', 'outbox_waiting', 'orders_booked_twice']),
  )
})

test.skipIf(!hasPrometheus)(
  'Prometheus reads the shop, and every expression has a value (needs `prometheus`: apt-get install prometheus)',
  async () => {
    // Only what runs here, at its own address.
    const addresses: Readonly<Record<string, string>> = {
      'api-1:20001': shop.api.url,
      'worker-1:20003': worker.url,
      'payments:20005': shop.payments.url,
      'chaos:20090': `http://127.0.0.1:${faults.port}`,
    }
    const config = Object.entries(addresses).reduce(
      (text, [name, url]) => text.replaceAll(name, new URL(url).host),
      fileOf('prometheus.yml').replaceAll('1s', '200ms').replace('900ms', '200ms'),
    )
    await using prometheus = await startPrometheus([
      { name: 'prometheus.yml', text: config },
      { name: 'alerts.yml', text: fileOf('alerts.yml') },
    ])
    await vi.waitFor(async () => {
      expect(await prometheus.query('up{instance="api-1"} == 1')).toHaveLength(1)
      expect(await prometheus.query('unhappy_fault_active == 1')).toMatchObject([
        { metric: { fault: 'latency', target: 'api-1:postgres' } },
      ])
      expect(await prometheus.query('orders_placed_total')).toMatchObject([{ value: 1 }])
      const used = [...new Set(expressions.flatMap(metricsIn))]
      const without = await Promise.all(
        used.map(async (name) => ((await prometheus.query(name)).length === 0 ? [name] : [])),
      )
      expect(without.flat()).toEqual([])
    }, limits)
    // Prometheus itself parses each of them.
    for (const expression of expressions) await prometheus.query(expression)
    const alerts = await prometheus.alerts()
    expect(alerts.map(({ name }) => name).toSorted()).toEqual(
      rules.map(({ alert }) => alert).toSorted(),
    )
    expect(alerts.filter(({ health }) => health === 'err')).toEqual([])
  },
)
