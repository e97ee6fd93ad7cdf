import { expect, test } from 'vitest'

import type { OrderEventRow, OrderStatus } from '#chaos/contracts/truth.ts'

import { takeoversAtMost } from './takeovers-at-most.ts'
import { at, testKey, paidOrder, testEvidence } from './testing/test-evidence.ts'

const event = (number: number, status: OrderStatus, instance: string, ms: number) => ({
  orderId: `${testKey(number)}.ab12`,
  status,
  instance,
  at: at(ms),
})
const work = (number: number, begin: string, end: string): readonly OrderEventRow[] => [
  event(number, 'placed', 'api-1', 10),
  event(number, 'charging', begin, 100),
  event(number, 'paid', end, 2_100),
]
const judge = (
  orderEvents: readonly OrderEventRow[],
  journal: Parameters<typeof testEvidence>[1] = {},
) =>
  takeoversAtMost.judge(
    testEvidence([paidOrder(1), paidOrder(2)], { ...journal, truth: { orderEvents } }),
    { atMost: 0 },
  )

test('holds when everybody ends what they began', () => {
  const events = [...work(1, 'worker-1', 'worker-1'), ...work(2, 'worker-2', 'worker-2')]
  expect(judge(events)).toMatchObject({ outcome: 'held', measured: 0 })
})

test('an order that another worker had to end was taken over', () => {
  const events = [...work(1, 'worker-1', 'worker-2'), ...work(2, 'worker-2', 'worker-2')]
  expect(judge(events)).toMatchObject({
    outcome: 'violated',
    summary: '1 of 2 orders had to be begun again by somebody else.',
    offenders: [
      {
        id: `${testKey(1)}.ab12`,
        expected: 'worker-1 ends what it began',
        actual: 'worker-2 did, 2.0 s later',
      },
    ],
  })
})

test('so was one that the same worker ended after a new start', () => {
  const started = {
    seq: 1,
    at: at(1_000),
    ms: 1_000,
    type: 'instance',
    instance: 'worker-1',
    by: 'scenario',
    state: 'starting',
  } as const
  const events = work(1, 'worker-1', 'worker-1')
  expect(judge(events, { journal: [started] })).toMatchObject({
    outcome: 'violated',
    offenders: [{ actual: 'worker-1, started anew, did, 2.0 s later' }],
  })
  expect(judge(events, { journal: [{ ...started, at: at(50) }] }).outcome).toBe('held')
})

test('is inconclusive when nobody worked on anything', () => {
  expect(judge([event(1, 'placed', 'api-1', 10)]).outcome).toBe('inconclusive')
})
