import { expect, test } from 'vitest'

import type { Ack, AttemptSeen, Flow } from '#chaos/contracts/system/flow.ts'
import { flowResult } from '#chaos/xray/judging/flow-result.ts'
import type { ObservedFlow } from '#chaos/xray/observe-flow.ts'

import { shop } from '../shop.ts'
import type { Truth } from '../truth/truth.ts'
import { flows } from './flows.ts'

const startedAt = '2026-01-01T00:00:00.000Z'
const truth: Truth = {
  takenAt: startedAt,
  orders: [],
  orderEvents: [],
  products: [{ sku: 'tea', priceCents: 450, stock: 100, priceFence: 0, initialStock: 100 }],
  priceEvents: [],
  stockEvents: [],
  paymentMethods: { 900: [{ method: 'card', feeCents: 15 }] },
  ledger: [],
  charges: [],
  chargeRequests: [],
  paymentEvents: [],
  receivedEvents: [],
  paymentStates: [],
  migrations: [],
  outbox: [],
  queue: {
    waiting: 0,
    active: 0,
    delayed: 0,
    prioritized: 0,
    failed: 0,
    completed: 0,
    unfinishedOrderIds: [],
  },
}
const tea = { sku: 'tea', name: 'Tea', priceCents: 450, stock: 100 }
const quote = { sku: 'tea', quantity: 2, amountCents: 900, complete: true }
const card = [{ method: 'card', feeCents: 15 }]

function served(body: Readonly<Record<string, unknown>>): AttemptSeen {
  return {
    instance: 'api-1',
    startMs: 1_000,
    endMs: 1_010,
    result: '200',
    outcome: 'ok',
    status: 200,
    body,
  }
}
const refused: AttemptSeen = {
  instance: 'api-1',
  startMs: 1_000,
  endMs: 1_010,
  result: '500',
  outcome: 'unknown',
  status: 500,
}

/** A flow that received these responses, with a fault on this link. */
function observed(attempts: readonly AttemptSeen[], link?: string): ObservedFlow {
  const outcome: Ack['outcome'] = attempts.every((one) => one.outcome === 'ok') ? 'ok' : 'unknown'
  return {
    key: 'o-1-000001',
    ack: { outcome, attempts },
    startMs: 1_000,
    startedAt,
    ...(link === undefined
      ? {}
      : { sprung: { event: { type: 'trap', id: 't', what: 'sprung', link }, atMs: 1_005 } }),
    restarts: [],
    settledAfterMs: 10,
    doneAfterMs: 10,
    exchanges: [],
    instances: [],
    before: truth,
    truth,
    wallMs: 100,
  }
}

const { topology } = shop
const judge = (flow: Flow, run: ObservedFlow, retried = false) =>
  flowResult({ flow, observed: run, retried, topology })
const resultOf = (flow: Flow, run: ObservedFlow, retried = false): string =>
  judge(flow, run, retried).result

test('a read with the right contents is ok', () => {
  expect(resultOf(flows.browse, observed([served(tea), served(tea)]))).toBe('ok')
  expect(resultOf(flows.browse, observed([served(tea), served(tea)]), true)).toBe('ok-retried')
  expect(resultOf(flows.quote, observed([served({ ...quote, paymentMethods: card })]))).toBe('ok')
})

test('a success response with false contents is untrue, also for an order', () => {
  const free = served({ ...tea, priceCents: 0 })
  expect(judge(flows.browse, observed([served(tea), free]))).toMatchObject({
    result: 'untrue',
    violations: [{ invariant: 'every response is true', expected: 'price in cents 450' }],
  })
  const cheap = served({ ...quote, paymentMethods: [{ method: 'card', feeCents: 0 }] })
  expect(resultOf(flows.quote, observed([cheap]))).toBe('untrue')
  const order = served({ orderId: 'o-1-000001.abcdef', key: 'o-1-000001', status: 'placed' })
  // An order that does not exist is lost, which is worse.
  expect(resultOf(flows['place-order'], observed([order]))).toBe('lost')
})

test('a read that fails without a message that it needs is refused; else it is unserved', () => {
  expect(resultOf(flows.browse, observed([refused, served(tea)], 'api-1:postgres'))).toBe(
    'ok-rejected',
  )
  expect(judge(flows.browse, observed([served(tea), refused], 'api-1:redis'))).toMatchObject({
    result: 'unserved',
    violations: [{ actual: '200, then 500' }],
  })
  expect(resultOf(flows.quote, observed([refused], 'api-1:payments'))).toBe('unserved')
  // A process that dies refuses its requests.
  const died = { ...observed([refused, refused], 'api-1:redis'), restarts: ['api-1'] }
  expect(resultOf(flows.browse, died)).toBe('ok-rejected')
})

test('a read that changes data is torn', () => {
  const changed = {
    ...truth,
    products: truth.products.map((product) => ({ ...product, stock: 99 })),
  }
  expect(resultOf(flows.browse, { ...observed([served(tea), served(tea)]), truth: changed })).toBe(
    'torn',
  )
})
