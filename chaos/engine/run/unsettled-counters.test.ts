import { expect, test } from 'vitest'

import { truthOf } from '#chaos/contracts/system.ts'
import { system } from '#chaos/system.ts'

import { unsettledCounters } from './unsettled-counters.ts'

const settled = {
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

test('finished orders, an empty queue and an empty outbox are settled', () => {
  expect(unsettledCounters(settled, truthOf(system))).toEqual([])
})

test.each(['unfinished', 'queueWaiting', 'queueActive', 'queueDelayed', 'outboxWaiting'] as const)(
  'one %s is not settled',
  (counter) => {
    expect(unsettledCounters({ ...settled, [counter]: 1 }, truthOf(system))).toHaveLength(1)
  },
)

test('lists what is in flight, with its number', () => {
  expect(
    unsettledCounters({ ...settled, unfinished: 2, outboxWaiting: 1 }, truthOf(system)),
  ).toEqual(['2 unfinished orders', '1 outbox row'])
})
