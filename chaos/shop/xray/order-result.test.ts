import { expect, test } from 'vitest'

import type { OrderStatus } from '../truth/truth.ts'
import { orderResult, type OrderTruth } from './order-result.ts'

const placed = {
  ack: { outcome: 'ok', attempts: [] },
  settledAfterMs: 200,
} as const

/** One order of two pieces for 900 cents in this status; `more` replaces parts of its truth. */
function order(status: OrderStatus | undefined, more: Partial<OrderTruth> = {}): OrderTruth {
  const paid = status === 'paid'
  return {
    orders:
      status === undefined
        ? []
        : [
            {
              id: 'o-1-000001.abcdef',
              clientKey: 'o-1-000001',
              customer: 'ann',
              sku: 'tea',
              quantity: 2,
              amountCents: 900,
              status,
              paymentState: null,
              version: 1,
              createdAt: '',
              updatedAt: '',
            },
          ],
    charges: paid ? [{ amountCents: 900 }] : [],
    ledgerCharges: paid ? [{ amountCents: 900 }] : [],
    refunds: 0,
    outboxWaiting: 0,
    jobs: 0,
    stockTaken: status === undefined || status === 'sold-out' || status === 'rejected' ? 0 : 2,
    ...more,
  }
}

function ack(outcome: 'ok' | 'fail' | 'unknown', more = {}): Parameters<typeof orderResult>[0] {
  return { ...placed, ack: { ...placed.ack, outcome }, ...more }
}

const charged = [{ amountCents: 900 }]

test.each([
  ['paid once, success response', ack('ok'), order('paid'), 'ok'],
  ['parked for an operator', ack('ok'), order('parked'), 'ok-slow'],
  ['paid, no final response', ack('unknown'), order('paid'), 'ok-indeterminate'],
  ['no order, no final response', ack('unknown'), order(undefined), 'ok-rejected'],
  ['no order, refusal', ack('fail'), order(undefined), 'ok-rejected'],
  ['declined', ack('ok'), order('rejected'), 'ok'],
  [
    'charged twice',
    ack('ok'),
    order('paid', { charges: [...charged, ...charged] }),
    'double-effect',
  ],
  [
    'booked twice',
    ack('ok'),
    order('paid', { ledgerCharges: [...charged, ...charged] }),
    'double-effect',
  ],
  ['stock taken twice', ack('ok'), order('paid', { stockTaken: 4 }), 'double-effect'],
  ['charged and not booked', ack('ok'), order('paid', { ledgerCharges: [] }), 'torn'],
  ['charged and never paid', ack('ok'), order('rejected', { charges: charged }), 'torn'],
  ['charged another amount', ack('ok'), order('paid', { charges: [{ amountCents: 9 }] }), 'torn'],
  ['stock gone without an order', ack('unknown'), order(undefined, { stockTaken: 2 }), 'torn'],
  ['success response, no order', ack('ok'), order(undefined), 'lost'],
  [
    'success response, no job and no outbox message',
    ack('ok', { settledAfterMs: null }),
    order('placed'),
    'lost',
  ],
  ['refusal, order paid', ack('fail'), order('paid'), 'phantom'],
  [
    'success response, job unfinished',
    ack('ok', { settledAfterMs: null }),
    order('charging', { jobs: 1 }),
    'stuck',
  ],
  [
    'no final response, no job and no outbox message',
    ack('unknown', { settledAfterMs: null }),
    order('placed'),
    'orphan',
  ],
] as const)('%s', (_, run, truth, result) => {
  const judged = orderResult(run, truth)
  expect(judged.result).toBe(result)
  expect(judged.violations.length > 0).toBe(!result.startsWith('ok'))
})

test('an order that is charged while its job is unfinished is stuck, not torn', () => {
  const run = ack('ok', { settledAfterMs: null })
  expect(orderResult(run, order('charging', { charges: charged, jobs: 1 })).result).toBe('stuck')
})

test('the state of the stores is described with counts', () => {
  const twice = order('paid', { charges: [...charged, ...charged] })
  expect(orderResult(ack('ok'), twice).global).toBe('paid, charged 2 times, booked, 2 from stock')
})
