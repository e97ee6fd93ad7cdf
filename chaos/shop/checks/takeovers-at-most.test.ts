import { expect, test } from 'vitest'

import { at, testKey, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import type { OrderEventRow, OrderStatus } from '../truth/truth.ts'
import { takeoversAtMost } from './takeovers-at-most.ts'

const event = (number: number, status: OrderStatus, instance: string, ms: number) => ({
  orderId: `${testKey(number)}.ab12`,
  status,
  instance,
  at: at(ms),
  committedAt: at(ms),
})
const work = (number: number, start: string, end: string): readonly OrderEventRow[] => [
  event(number, 'placed', 'api-1', 10),
  event(number, 'charging', start, 100),
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

test('holds when every worker finishes the orders that it started', () => {
  const events = [...work(1, 'worker-1', 'worker-1'), ...work(2, 'worker-2', 'worker-2')]
  expect(judge(events)).toMatchObject({ outcome: 'held', measured: 0 })
})

test('an order that another worker finishes is taken over', () => {
  const events = [...work(1, 'worker-1', 'worker-2'), ...work(2, 'worker-2', 'worker-2')]
  expect(judge(events)).toMatchObject({
    outcome: 'violated',
    summary: expect.stringMatching(/1 of 2 orders.*0 allowed/),
    offenders: [
      {
        id: `${testKey(1)}.ab12`,
        expected: expect.stringMatching(/worker-1/),
        actual: expect.stringMatching(/worker-2 .*2\.0 s/),
      },
    ],
  })
})

test('an order that the same worker finishes after a restart is taken over', () => {
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
    offenders: [{ actual: expect.stringMatching(/worker-1 .*restart.*2\.0 s/) }],
  })
  expect(judge(events, { journal: [{ ...started, at: at(50) }] }).outcome).toBe('held')
})

test('is inconclusive when no worker starts an order', () => {
  expect(judge([event(1, 'placed', 'api-1', 10)]).outcome).toBe('inconclusive')
})
