import { expect, test } from 'vitest'

import type { ShopOperation } from '../operation.ts'
import { at, orderOperation, paidOrder, testEvidence, testKey } from '../testing/test-evidence.ts'
import type { PriceEventRow, StockEventRow } from '../truth/truth.ts'
import { responsesAreTrue } from './responses-are-true.ts'

type Body = Readonly<Record<string, unknown>>

const placed = (over: Body = {}): Body => ({
  orderId: `${testKey(1)}.ab12`,
  key: testKey(1),
  status: 'placed',
  amountCents: 900,
  ...over,
})

/** One order with this response. */
function orderWith(body: Body | undefined, over: Partial<ShopOperation> = {}) {
  const operation = orderOperation(1, { customer: 'customer-01', ...over })
  const attempts = operation.attempts.map((attempt) =>
    body === undefined ? attempt : { ...attempt, body },
  )
  return paidOrder(1, { operations: [{ ...operation, attempts }] })
}

/** A read at this time with this response. */
function read(
  kind: Exclude<ShopOperation['kind'], 'place-order'>,
  body: Body,
  over: Partial<ShopOperation> = {},
): ShopOperation {
  const startMs = over.startMs ?? 3_000
  const endMs = startMs + 5
  const attempt = { instance: 'api-1', startMs, endMs, status: 200, body }
  return {
    id: 2,
    kind,
    sku: 'tea',
    ...(kind === 'quote' ? { quantity: 2 } : {}),
    outcome: 'ok',
    startMs,
    endMs,
    attempts: [attempt],
    tags: [],
    ...over,
  }
}

/** The price of tea rises from 450 to 500 cents at 2 s. */
const priceEvents: readonly PriceEventRow[] = [
  {
    sku: 'tea',
    priceCents: 500,
    previousCents: 450,
    edition: 1,
    instance: 'head-office',
    at: at(1_990),
    committedAt: at(2_000),
  },
]
const stockEvents: readonly StockEventRow[] = [
  { sku: 'tea', stock: 98, previousStock: 100, at: at(12), committedAt: at(14) },
]
const paymentMethods = {
  '900': [
    { method: 'card', feeCents: 9 },
    { method: 'transfer', feeCents: 0 },
  ],
}

function judge(operations: readonly ShopOperation[], cacheTtlMs = 100) {
  const product = { sku: 'tea', priceCents: 500, priceFence: 0, stock: 98, initialStock: 100 }
  const truth = { priceEvents, stockEvents, paymentMethods, products: [product] }
  return responsesAreTrue.judge(
    testEvidence([paidOrder(1)], {
      operations,
      truth,
      environment: { api: { CACHE_TTL_MS: String(cacheTtlMs) } },
    }),
    {},
  )
}

test('holds for a true response to an order, and without the price of a later moment', () => {
  const { operations } = orderWith(placed())
  expect(judge(operations)).toMatchObject({ outcome: 'held', measured: 0 })
})

test.for<[string, Body]>([
  ['another amount than the order in Postgres', placed({ amountCents: 1 })],
  ['an order that does not exist', placed({ orderId: 'o-none.ab12' })],
  ['another key', placed({ key: testKey(7) })],
  ['a status that the order did not have yet', placed({ status: 'refunded' })],
])('an order response with %s is false', ([, body]) => {
  expect(judge(orderWith(body).operations)).toMatchObject({ outcome: 'violated', measured: 1 })
})

test('a success without a JSON object is false', () => {
  const { offenders } = judge(orderWith(undefined).operations)
  expect(offenders[0]?.expected).toContain('JSON object')
})

test('an order for another product, quantity or customer than requested is false', () => {
  for (const over of [{ sku: 'mug' }, { quantity: 3 }, { customer: 'ann' }])
    expect(judge(orderWith(placed(), over).operations).outcome).toBe('violated')
})

test('a product has the price in force, or one that is at most as old as the cache permits', () => {
  const page = { sku: 'tea', name: 'Tea', priceCents: 500, stock: 98 }
  const browse = (body: Body, over: Partial<ShopOperation> = {}) =>
    judge([read('browse', body, over)])
  expect(browse(page).outcome).toBe('held')
  // At 3 s the old price may still come from a read that another request began.
  expect(browse({ ...page, priceCents: 450 }).outcome).toBe('held')
  const late = { startMs: 5_000, endMs: 5_005 }
  expect(browse({ ...page, priceCents: 450 }, late).outcome).toBe('violated')
  expect(judge([read('browse', { ...page, priceCents: 450 }, late)], 10_000).outcome).toBe('held')
  const fresh = { ...late, fresh: true as const }
  expect(judge([read('browse', { ...page, priceCents: 450 }, fresh)], 10_000).outcome).toBe(
    'violated',
  )
})

test('the price before may be read until the commit of the change is on the disk', () => {
  const body = { sku: 'tea', quantity: 2, amountCents: 900, complete: true, paymentMethods: [] }
  const isWrongAmount = (startMs: number): boolean =>
    JSON.stringify(judge([read('quote', body, { startMs })])).includes('amount in cents 900')
  expect(isWrongAmount(2_200)).toBe(false)
  expect(isWrongAmount(2_300)).toBe(true)
})

test('with a standby, a stock may be read until the next change: its COMMIT waited for the standby', () => {
  const product = { sku: 'tea', priceCents: 450, priceFence: 0, stock: 97, initialStock: 100 }
  const second = { sku: 'tea', stock: 97, previousStock: 98, at: at(8_000), committedAt: at(9_000) }
  const judgeRun = (startMs: number, journal: ReturnType<typeof testEvidence>['journal']) => {
    const page = { sku: 'tea', name: 'Tea', priceCents: 450, stock: 100 }
    return responsesAreTrue.judge(
      testEvidence([paidOrder(1)], {
        operations: [read('browse', page, { startMs, endMs: startMs + 5 })],
        truth: { stockEvents: [...stockEvents, second], products: [product] },
        environment: { api: { CACHE_TTL_MS: '100' } },
        journal,
      }),
      {},
    ).outcome
  }
  const link = 'api-1:postgres-replica'
  const standby = { seq: 1, at: at(0), ms: 0, type: 'link', link, what: 'up' } as const
  expect(judgeRun(8_500, [])).toBe('violated')
  expect(judgeRun(8_500, [standby])).toBe('held')
  expect(judgeRun(12_000, [standby])).toBe('violated')
})

test.for<[string, Body]>([
  ['a price that never was', { priceCents: 0 }],
  ['another product', { sku: 'mug' }],
  ['a stock that never was', { stock: 7 }],
])('a product page with %s is false', ([, wrong]) => {
  const page = { sku: 'tea', name: 'Tea', priceCents: 500, stock: 98, ...wrong }
  expect(judge([read('browse', page)]).outcome).toBe('violated')
})

const quote = (over: Body = {}): Body => ({
  sku: 'tea',
  quantity: 2,
  amountCents: 900,
  paymentMethods: paymentMethods['900'],
  complete: true,
  ...over,
})

test('a complete quote has exactly the payment methods that payments offers for its amount', () => {
  const early = { startMs: 500, endMs: 505 }
  const judgeQuote = (body: Body) => judge([read('quote', body, early)])
  expect(judgeQuote(quote()).outcome).toBe('held')
  const mug = [{ method: 'card', feeCents: 12 }]
  expect(judgeQuote(quote({ paymentMethods: mug })).offenders[0]?.actual).toContain('card for 12')
  expect(judgeQuote(quote({ paymentMethods: [] })).outcome).toBe('violated')
  expect(judgeQuote(quote({ amountCents: 450 })).outcome).toBe('violated')
})

test('an incomplete quote may have the methods of the shop only, and says that it is incomplete', () => {
  const early = { startMs: 500, endMs: 505 }
  const judgeQuote = (body: Body) => judge([read('quote', body, early)]).outcome
  const invoice = [{ method: 'invoice', feeCents: 0 }]
  expect(judgeQuote(quote({ paymentMethods: invoice, complete: false }))).toBe('held')
  expect(judgeQuote(quote({ paymentMethods: invoice }))).toBe('violated')
  expect(judgeQuote(quote({ paymentMethods: invoice, complete: undefined }))).toBe('violated')
  const fee = [{ method: 'invoice', feeCents: 1 }]
  expect(judgeQuote(quote({ paymentMethods: fee, complete: false }))).toBe('violated')
})

test('a read order has its status of that moment', () => {
  const order = { orderId: `${testKey(1)}.ab12`, sku: 'tea', quantity: 2, amountCents: 900 }
  const reading = (status: string) =>
    judge([read('read-order', { ...order, status }, { orderId: order.orderId })]).outcome
  expect(reading('paid')).toBe('held')
  expect(reading('placed')).toBe('violated')
})

test('success for a product that does not exist is false', () => {
  const page = { sku: 'no-such-product', name: 'Tea', priceCents: 500, stock: 98 }
  const operation = read('browse', page, { sku: 'no-such-product', tags: ['unknown-product'] })
  expect(judge([operation]).offenders[0]?.expected).toContain('refusal')
})

test('without a success response there is nothing to judge', () => {
  expect(responsesAreTrue.judge(testEvidence([]), {}).outcome).toBe('inconclusive')
})

/** The order of {@link orderWith} is placed at 15 ms, charging at 35 ms, and paid at 55 ms. */
const readStatus = (id: number, status: string, over: Partial<ShopOperation>) =>
  read(
    'read-order',
    { orderId: `${testKey(1)}.ab12`, sku: 'tea', quantity: 2, amountCents: 900, status },
    { id, orderId: `${testKey(1)}.ab12`, answer: status, ...over },
  )

test('with a position a read may be old, but not older than what the customer has seen', () => {
  const judged = (...reads: readonly ShopOperation[]) =>
    responsesAreTrue.judge(
      testEvidence([paidOrder(1, { operations: [...orderWith(placed()).operations, ...reads] })]),
      {},
    )
  const position = '0/3000148'
  const old = readStatus(2, 'placed', { startMs: 3_000, endMs: 3_005, position })
  const paid = readStatus(3, 'paid', { startMs: 3_100, endMs: 3_105, position })
  expect(judged(old, paid).outcome).toBe('held')
  const back = readStatus(4, 'charging', { startMs: 3_200, endMs: 3_205, position })
  expect(judged(old, paid, back)).toMatchObject({
    outcome: 'violated',
    offenders: [{ expected: 'status paid', actual: expect.stringContaining('charging') }],
  })
  // Without a replica no response has a position.
  const { position: _, ...current } = old
  expect(judged(current).outcome).toBe('violated')
})
