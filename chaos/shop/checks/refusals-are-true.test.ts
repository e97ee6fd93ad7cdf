import { expect, test } from 'vitest'

import type { Attempt } from '#chaos/contracts/history.ts'

import type { ShopOperation } from '../operation.ts'
import {
  at,
  charge,
  orderOperation,
  orderRow,
  paidOrder,
  testEvidence,
  testKey,
} from '../testing/test-evidence.ts'
import type { OrderFacts } from '../testing/test-evidence.ts'
import type { OrderStatus, StockEventRow } from '../truth/truth.ts'
import { refusalsAreTrue } from './refusals-are-true.ts'

function refused(over: Partial<Attempt>, operation: Partial<ShopOperation> = {}): ShopOperation {
  const { orderId: _id, amountCents: _amount, ...rest } = orderOperation(2, { ...operation })
  const attempt = { instance: 'api-1', startMs: rest.startMs, endMs: rest.endMs, ...over }
  const answer = over.code ?? ''
  return { ...rest, id: 902, outcome: 'fail', answer, attempts: [attempt], ...operation }
}

function judge(orders: readonly OrderFacts[], truth: Parameters<typeof testEvidence>[1] = {}) {
  return refusalsAreTrue.judge(testEvidence(orders, truth), {})
}

const absent = { rows: [], trail: [], charges: [], chargeRequests: [], ledger: [] } as const
const soldOut = { status: 409, code: 'sold-out', definite: true }
const stock = (left: number): readonly StockEventRow[] => [
  { sku: 'tea', stock: left, previousStock: 100, at: at(10), committedAt: at(12) },
  { sku: 'tea', stock: 50, previousStock: left, at: at(900), committedAt: at(900) },
]

test('sold out is true if too little was left at some moment of the request', () => {
  const orders = [paidOrder(2, { ...absent, operations: [refused(soldOut)] })]
  expect(judge(orders, { truth: { stockEvents: stock(1) } }).outcome).toBe('held')
  const { outcome, offenders } = judge(orders, { truth: { stockEvents: stock(2) } })
  expect(outcome).toBe('violated')
  expect(offenders[0]?.expected).toContain('2 or more of tea were left')
})

test('sold out is false again after stock came back', () => {
  const late = refused(
    { ...soldOut, startMs: 1_500, endMs: 1_510 },
    { startMs: 1_500, endMs: 1_510 },
  )
  const orders = [paidOrder(2, { ...absent, operations: [late] })]
  expect(judge(orders, { truth: { stockEvents: stock(0) } }).outcome).toBe('violated')
})

test('a definite 409 is false if the order of this key and body exists', () => {
  const busy = { status: 409, code: 'in-progress', definite: true }
  const both = [orderOperation(2), refused(busy)]
  expect(judge([paidOrder(2, { operations: both })]).outcome).toBe('violated')
  const later = refused({ ...busy, definite: false })
  expect(judge([paidOrder(2, { operations: [orderOperation(2), later] })]).outcome).toBe('held')
})

test('a 422 is true only for a key that was sent with another body', () => {
  const reused = { status: 422, code: 'key-reused', definite: true }
  const other = refused(reused, { quantity: 3, tags: ['reused-key'] })
  expect(judge([paidOrder(2, { operations: [orderOperation(2), other] })]).offenders).toEqual([])
  expect(judge([paidOrder(2, { ...absent, operations: [refused(reused)] })]).outcome).toBe(
    'violated',
  )
})

test('a definite refusal is false if its own request placed the order', () => {
  const no = { status: 503, code: 'database-unavailable', definite: true }
  const first = { instance: 'api-1', startMs: 20, endMs: 30, ...no }
  const retry = { instance: 'api-2', startMs: 400, endMs: 410, status: 201 }
  const twice = orderOperation(2, { attempts: [first, retry], endMs: 410 })
  // The order appeared at 25 ms.
  const { offenders } = judge([paidOrder(2, { operations: [twice] })])
  expect(offenders[0]).toMatchObject({
    id: testKey(2),
    actual: 'the refusal 503 database-unavailable',
  })
  const unknown = orderOperation(2, {
    attempts: [{ ...first, definite: false }, retry],
    endMs: 410,
  })
  expect(judge([paidOrder(2, { operations: [unknown] })]).outcome).toBe('held')
})

test('a product that exists is not unknown, and a valid request is not malformed', () => {
  const unknown = { status: 404, code: 'unknown-sku', definite: true }
  const operations = (over: Partial<ShopOperation>) => [
    paidOrder(2, { ...absent, operations: [refused(unknown, over)] }),
  ]
  expect(judge(operations({})).outcome).toBe('violated')
  expect(judge(operations({ sku: 'none', tags: ['unknown-product'] })).outcome).toBe('held')
  const malformed = refused({ status: 400, code: 'bad-request', definite: true })
  expect(judge([paidOrder(2, { ...absent, operations: [malformed] })]).outcome).toBe('violated')
})

test('an order that was placed before the request can be read', () => {
  const startMs = 3_000
  const attempt = { instance: 'api-1', startMs, endMs: 3_005, status: 404, definite: true }
  const reading: ShopOperation = {
    id: 9,
    kind: 'read-order',
    orderId: `${testKey(1)}.ab12`,
    outcome: 'fail',
    startMs,
    endMs: 3_005,
    attempts: [attempt],
    tags: [],
  }
  expect(judge([paidOrder(1)], { operations: [reading] }).outcome).toBe('violated')
  const before = { ...reading, attempts: [{ ...attempt, startMs: 0 }] }
  expect(judge([paidOrder(1)], { operations: [before] }).outcome).toBe('held')
})

const ended = (status: OrderStatus, over: Partial<OrderFacts> = {}) =>
  paidOrder(2, {
    rows: [orderRow(2, { status })],
    trail: ['placed', status],
    charges: [],
    ledger: [],
    ...over,
  })

test('only a declined charge rejects an order', () => {
  expect(judge([ended('rejected')]).outcome).toBe('violated')
  const declined = [charge(2, { status: 'declined' })]
  expect(judge([ended('rejected', { charges: declined })]).outcome).toBe('held')
})

test('only an order that the shop cannot process is parked', () => {
  expect(judge([ended('parked')]).outcome).toBe('violated')
  const poison = [orderOperation(2, { tags: ['poison'] })]
  expect(judge([ended('parked', { operations: poison })]).outcome).toBe('held')
  const message = (version: number) => ({
    id: 1,
    orderId: `${testKey(2)}.ab12`,
    publishedAt: at(30),
    payload: { version },
  })
  expect(judge([ended('parked', { outbox: [message(3)] })]).outcome).toBe('held')
  expect(judge([ended('parked', { outbox: [message(2)] })]).outcome).toBe('violated')
})

test('without an operation there is nothing to judge', () => {
  expect(judge([]).outcome).toBe('inconclusive')
})
