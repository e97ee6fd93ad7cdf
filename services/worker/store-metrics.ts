import type { FastifyInstance } from 'fastify'
import { Gauge, Registry } from 'prom-client'

import type { Database } from '#services/lib/database.ts'
import type { OrderQueue } from '#services/lib/order-queue.ts'

interface StoreMetric {
  readonly name: string
  readonly help: string
  /** Resolves to the value. Rejects if the store does not respond: then the metric is absent. */
  readonly read: (shop: StoreMetricsShop) => Promise<number>
}

export interface StoreMetricsShop {
  readonly database: Pick<Database, 'query'>
  readonly queue: Pick<OrderQueue, 'countWaiting'>
}

const sql =
  (text: string) =>
  async ({ database }: StoreMetricsShop): Promise<number> => {
    const { rows } = await database.query<{ value: number }>(
      `SELECT coalesce((${text}), 0)::float8 AS value`,
    )
    return rows[0]?.value ?? 0
  }

const unfinished = `FROM orders WHERE status IN ('placed', 'charging')`

/** What only the stores can tell: no counter of a process sees an order that was forgotten, or that was booked twice. */
const storeMetrics: readonly StoreMetric[] = [
  {
    name: 'orders_unfinished',
    help: 'Orders that are neither paid nor refused nor parked.',
    read: sql(`SELECT count(*) ${unfinished}`),
  },
  {
    name: 'orders_unfinished_oldest_seconds',
    help: 'For how long the status of the oldest unfinished order has not changed.',
    read: sql(`SELECT max(extract(epoch FROM clock_timestamp() - updated_at)) ${unfinished}`),
  },
  {
    name: 'outbox_waiting',
    help: 'Messages that are not in the queue yet.',
    read: sql('SELECT count(*) FROM outbox WHERE published_at IS NULL'),
  },
  {
    name: 'orders_booked_twice',
    help: 'Orders with more than one charge in the ledger.',
    read: sql(`SELECT count(*) FROM (SELECT FROM ledger_transactions WHERE kind = 'charge'
               GROUP BY order_id HAVING count(*) > 1) AS twice`),
  },
  {
    name: 'jobs_waiting',
    help: 'Jobs that no worker has begun.',
    read: async ({ queue }) => await queue.countWaiting(),
  },
]

/**
 * GET /metrics/stores: each request asks Postgres and Redis once. Apart from /metrics, which must cost nothing and respond while
 * a store is down.
 */
export function addStoreMetrics(app: FastifyInstance, shop: StoreMetricsShop): void {
  app.get('/metrics/stores', async (_request, reply) => {
    const registry = new Registry()
    await Promise.allSettled(
      storeMetrics.map(async ({ name, help, read }) => {
        const value = await read(shop)
        new Gauge({ name, help, registers: [registry] }).set(value)
      }),
    )
    return await reply.type(registry.contentType).send(await registry.metrics())
  })
}
