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
  /** What payments has written since the books were last opened. */
  books(): Promise<ChargeBooks>
  /** Whatever is in the books already belongs to another test. */
  openNewBooks(): Promise<void>
  count(from: string): Promise<number>
}

export function createTestShop(
  stores: ShopStores,
  api: RunningService,
  payments: RunningService,
): TestShop {
  const rows = async (sql: string): Promise<readonly Record<string, unknown>[]> =>
    (await stores.database.query<Record<string, unknown>>(sql)).rows
  const allBooks = async () => (await call(`${payments.url}/books`)).body as unknown as ChargeBooks
  let earlier = { charges: 0, chargeRequests: 0 }
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
    async books() {
      const { charges, chargeRequests } = await allBooks()
      return {
        charges: charges.slice(earlier.charges),
        chargeRequests: chargeRequests.slice(earlier.chargeRequests),
      }
    },
    async openNewBooks() {
      const { charges, chargeRequests } = await allBooks()
      earlier = { charges: charges.length, chargeRequests: chargeRequests.length }
    },
    count: async (from) => Number((await rows(`SELECT count(*) AS n FROM ${from}`))[0]?.['n']),
  }
}
