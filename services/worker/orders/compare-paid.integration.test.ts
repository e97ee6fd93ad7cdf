import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { startTestStores } from '#chaos/runtime/local/testing/test-stores.ts'
import { openShopStores } from '#services/test/shop-stores.ts'
import type { ShopStores } from '#services/test/shop-stores.ts'
import { createTestShop } from '#services/test/shop.ts'
import type { TestShop } from '#services/test/shop.ts'
import { startService } from '#services/test/start-service.ts'

const stack = new AsyncDisposableStack()
let stores: ShopStores
let shop: TestShop

beforeAll(async () => {
  stores = stack.use(openShopStores(await startTestStores()))
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
})
afterAll(async () => await stack.disposeAsync())
beforeEach(async () => {
  await stores.makeNew()
  await shop.openNewBooks()
})

// Generous: a busy machine must not make a test fail.
const limits = { timeout: 40_000, interval: 50 }
const ends = async (statuses: Readonly<Record<string, string>>): Promise<void> => {
  await vi.waitFor(async () => expect(await shop.statuses()).toEqual(statuses), limits)
}
const comparesAtOnce = {
  RECONCILE_AFTER_MS: '60000',
  COMPARE_PAID_INTERVAL_MS: '50',
  COMPARE_PAID_AFTER_MS: '100',
}
const compared = async (orders: number): Promise<void> => {
  await vi.waitFor(
    async () => expect(await shop.count(`orders WHERE compare_after = 'infinity'`)).toBe(orders),
    limits,
  )
}
/** Marks an order paid as a worker does that trusts any response. */
async function payUnseen(key: string, chargeId: string | undefined): Promise<void> {
  await shop.place(key, { customer: key.startsWith('declined') ? key : 'ann' })
  await stores.database.query('DELETE FROM outbox')
  await stores.database.query(`UPDATE orders SET status = 'paid' WHERE client_key = $1`, [key])
  if (chargeId === undefined) return
  await stores.database.query(
    `WITH t AS (INSERT INTO ledger_transactions (order_id, kind, charge_id)
                SELECT id, 'charge', $2 FROM orders WHERE client_key = $1 RETURNING id)
     INSERT INTO ledger_entries (transaction_id, account, amount_cents)
     SELECT id, account, cents FROM t, (VALUES ('payments-receivable', 900), ('sales', -900)) AS v (account, cents)`,
    [key, chargeId],
  )
}
async function ledgerOf(key: string): Promise<unknown> {
  const { rows } = await stores.database.query(
    `SELECT t.kind, t.charge_id, e.account, e.amount_cents FROM ledger_transactions t
     JOIN ledger_entries e ON e.transaction_id = t.id JOIN orders o ON o.id = t.order_id
     WHERE o.client_key = $1 AND e.account = 'payments-receivable' ORDER BY e.id`,
    [key],
  )
  return (rows as { kind: string; charge_id: string; amount_cents: number }[]).map(
    ({ kind, charge_id: id, amount_cents: cents }) => [kind, id.slice(0, 3), cents],
  )
}

test('paid orders are compared with the books of payments, and those without a charge are charged', async () => {
  await payUnseen('key-4301', 'unknown')
  await payUnseen('key-4302', undefined)
  await using worker = await shop.startWorker(comparesAtOnce)
  await shop.place('key-4303')
  await ends({ 'key-4301': 'paid', 'key-4302': 'paid', 'key-4303': 'paid' })
  await compared(3)
  const { charges } = await shop.books()
  expect(charges).toHaveLength(3)
  expect(await ledgerOf('key-4301')).toEqual([
    ['charge', 'unk', 900],
    ['correction', 'ch_', -900],
    ['correction', 'ch_', 900],
  ])
  expect(await ledgerOf('key-4302')).toEqual([['charge', 'ch_', 900]])
  expect(await ledgerOf('key-4303')).toEqual([['charge', 'ch_', 900]])
  expect(worker.output().split('paid order corrected')).toHaveLength(3)
})

test('a paid order whose charge payments declines is parked, and its entry is taken back', async () => {
  await payUnseen('declined-4401', 'unknown')
  await using _worker = await shop.startWorker(comparesAtOnce)
  await ends({ 'declined-4401': 'parked' })
  expect(await ledgerOf('declined-4401')).toEqual([
    ['charge', 'unk', 900],
    ['correction', 'ch_', -900],
  ])
  expect(await shop.count(`orders WHERE reason LIKE 'payments: declined%'`)).toBe(1)
})

test('a comparison that another round has begun and not ended is done later', async () => {
  await payUnseen('key-4501', undefined)
  // Another round has begun the comparison and did not end it.
  await stores.database.query(
    `UPDATE orders SET compare_after = clock_timestamp() + interval '1 second'`,
  )
  await using _worker = await shop.startWorker(comparesAtOnce)
  await compared(1)
  expect((await shop.books()).charges).toHaveLength(1)
})
