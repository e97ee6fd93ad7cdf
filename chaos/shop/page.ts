import type { SystemPage } from '#chaos/contracts/system/system-page.ts'

import type { ShopTrafficRates } from './operations.ts'

/** What the dashboard shows about the shop. */
export const shopPage = {
  figures: [
    { text: 'orders accepted', counters: ['acknowledged'], role: 'accepted' },
    {
      text: 'orders in Postgres',
      counters: ['orders'],
      role: 'stored',
      alarm: { thing: 'accepted order', what: 'missing in Postgres' },
    },
    { text: 'orders paid', counters: ['paid'], role: 'agrees' },
    { text: 'charges at payments', counters: ['charged'], role: 'agrees' },
    { text: 'charges in the ledger', counters: ['ledgerCharges'], role: 'agrees' },
    {
      text: 'orders in transit',
      counters: ['unfinished'],
      role: 'unfinished',
      alarm: { thing: 'unfinished order', what: 'without a job or an outbox row' },
      drawn: true,
    },
    {
      text: 'jobs in the queue',
      counters: ['queueWaiting', 'queueActive', 'queueDelayed'],
      role: 'work',
      store: 'redis',
      drawn: true,
    },
    { text: 'outbox rows waiting', counters: ['outboxWaiting'], role: 'work', store: 'postgres' },
  ],
  gauges: [
    { service: 'api', metric: 'orders_waiting', text: 'orders wait for admission' },
    { service: 'api', metric: 'database_waiting', text: 'wait for a connection' },
    { service: 'worker', metric: 'database_waiting', text: 'wait for a connection' },
  ],
  loads: [
    { name: 'light', rates: rates(5, 10, 2, 3) },
    { name: 'busy', rates: rates(25, 40, 8, 10) },
  ],
  example: {
    title: 'Place one order manually',
    command: `curl -X POST {url}/orders \\
  -H 'content-type: application/json' \\
  -H "Idempotency-Key: o-$RANDOM" \\
  -d '{"sku":"tea","quantity":1,
       "customer":"me"}'`,
  },
  restore:
    "Restore heals every fault, puts the shop's own code back in every seam, switches on every safety net and deletes all orders.",
} as const satisfies SystemPage

/** Operations per second. */
function rates(orders: number, browse: number, quotes: number, readOrders: number) {
  return {
    ordersPerSecond: orders,
    browsePerSecond: browse,
    quotesPerSecond: quotes,
    readOrdersPerSecond: readOrders,
  } satisfies ShopTrafficRates
}
