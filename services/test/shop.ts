import { call } from './call.ts'
import type { HttpAnswer } from './call.ts'
import type { ShopStores } from './shop-stores.ts'
import { startService } from './start-service.ts'
import type { RunningService } from './start-service.ts'

export interface ChargeBooks {
  readonly charges: readonly { readonly orderId: string; readonly amountCents: number }[]
  readonly chargeRequests: readonly { readonly orderId: string; readonly outcome: string }[]
}

/** What a test of an order's complete path needs. */
export interface TestShop {
  readonly stores: ShopStores
  readonly api: RunningService
  readonly payments: RunningService
  startWorker(environment?: Readonly<Record<string, string>>): Promise<RunningService>
  place(key: string, order?: object): Promise<HttpAnswer>
  /** The status by the client's key. */
  statuses(): Promise<Readonly<Record<string, string>>>
  books(): Promise<ChargeBooks>
  count(from: string): Promise<number>
}

export function createTestShop(
  stores: ShopStores,
  api: RunningService,
  payments: RunningService,
): TestShop {
  const rows = async (sql: string): Promise<readonly Record<string, unknown>[]> =>
    (await stores.database.query<Record<string, unknown>>(sql)).rows
  return {
    stores,
    api,
    payments,
    startWorker: async (environment = {}) =>
      await startService('worker', {
        INSTANCE: 'worker-1',
        DATABASE_URL: stores.databaseUrl,
        REDIS_URL: stores.redisUrl,
        PAYMENTS_URL: payments.url,
        ...environment,
      }),
    place: async (key, order = {}) =>
      await call(`${api.url}/orders`, {
        body: { sku: 'tea', quantity: 2, customer: 'ann', ...order },
        key,
      }),
    async statuses() {
      const orders = await rows('SELECT client_key, status FROM orders')
      return Object.fromEntries(
        orders.map(({ client_key: key, status }) => [String(key), String(status)]),
      )
    },
    books: async () => (await call(`${payments.url}/books`)).body as unknown as ChargeBooks,
    count: async (from) => Number((await rows(`SELECT count(*) AS n FROM ${from}`))[0]?.['n']),
  }
}
