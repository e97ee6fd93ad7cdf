import { expect, test } from 'vitest'

import { isSettled, unsettledCounters } from './unsettled-counters.ts'

const atRest = {
  orders: 4,
  paid: 4,
  unfinished: 0,
  charged: 4,
  ledgerCharges: 4,
  queueWaiting: 0,
  queueActive: 0,
  queueDelayed: 0,
  outboxWaiting: 0,
}

test('finished orders and an empty queue are at rest', () => {
  expect(isSettled(atRest)).toBe(true)
})

test.each(['unfinished', 'queueWaiting', 'queueActive', 'queueDelayed', 'outboxWaiting'] as const)(
  'one %s is no rest',
  (what) => {
    expect(isSettled({ ...atRest, [what]: 1 })).toBe(false)
  },
)

test('says what moves', () => {
  expect(unsettledCounters({ ...atRest, unfinished: 2, outboxWaiting: 1 })).toEqual([
    '2 unfinished orders',
    '1 outbox rows',
  ])
})
