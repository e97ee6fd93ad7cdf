import { expect, test } from 'vitest'

import type { OrderStatus } from '#chaos/contracts/truth.ts'

import { orderResult, type OrderTruth } from './order-result.ts'

const placed = {
  ack: { outcome: 'ok', attempts: [], orderIds: [] },
  quietAfterMs: 200,
  doneAfterMs: 200,
} as const

/** One order of two pieces for 900, in this state; `more` says what is wrong with it. */
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
  ['paid once and told yes', ack('ok'), order('paid'), false, 'ok'],
  ['paid after another attempt', ack('ok'), order('paid'), true, 'ok-retried'],
  ['paid late', ack('ok', { doneAfterMs: 9_000 }), order('paid'), true, 'ok-slow'],
  ['parked for a person', ack('ok'), order('parked'), true, 'ok-slow'],
  ['paid, and the client does not know', ack('unknown'), order('paid'), false, 'ok-indeterminate'],
  [
    'nothing done, and the client does not know',
    ack('unknown'),
    order(undefined),
    false,
    'ok-rejected',
  ],
  ['nothing done and told no', ack('fail'), order(undefined), false, 'ok-rejected'],
  ['declined', ack('ok'), order('rejected'), false, 'ok'],
  [
    'charged twice',
    ack('ok'),
    order('paid', { charges: [...charged, ...charged] }),
    false,
    'double-effect',
  ],
  [
    'booked twice',
    ack('ok'),
    order('paid', { ledgerCharges: [...charged, ...charged] }),
    false,
    'double-effect',
  ],
  ['stock taken twice', ack('ok'), order('paid', { stockTaken: 4 }), false, 'double-effect'],
  ['charged and not booked', ack('ok'), order('paid', { ledgerCharges: [] }), false, 'torn'],
  ['charged and never paid', ack('ok'), order('rejected', { charges: charged }), false, 'torn'],
  [
    'charged another amount',
    ack('ok'),
    order('paid', { charges: [{ amountCents: 9 }] }),
    false,
    'torn',
  ],
  [
    'stock gone without an order',
    ack('unknown'),
    order(undefined, { stockTaken: 2 }),
    false,
    'torn',
  ],
  ['told yes, and there is no order', ack('ok'), order(undefined), false, 'lost'],
  [
    'told yes, and nobody works on it',
    ack('ok', { quietAfterMs: null }),
    order('placed'),
    false,
    'lost',
  ],
  ['told no, and it was done', ack('fail'), order('paid'), false, 'phantom'],
  [
    'still being tried',
    ack('ok', { quietAfterMs: null }),
    order('charging', { jobs: 1 }),
    false,
    'stuck',
  ],
  [
    'nobody was told, nobody works on it',
    ack('unknown', { quietAfterMs: null }),
    order('placed'),
    false,
    'orphan',
  ],
] as const)('%s', (_, run, truth, retried, verdict) => {
  const judged = orderResult(run, truth, retried)
  expect(judged.verdict).toBe(verdict)
  expect(judged.violations.length > 0).toBe(!verdict.startsWith('ok'))
})

test('charged while it is still being worked on is no contradiction yet', () => {
  const run = ack('ok', { quietAfterMs: null })
  expect(orderResult(run, order('charging', { charges: charged, jobs: 1 }), true).verdict).toBe(
    'stuck',
  )
})

test('the business sees what the stores say', () => {
  const twice = order('paid', { charges: [...charged, ...charged] })
  expect(orderResult(ack('ok'), twice, false).global).toBe(
    'paid, charged 2 times, booked, 2 from stock',
  )
})
