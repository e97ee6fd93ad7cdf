import { expect, test } from 'vitest'

import { settlesWithin } from './settles-within.ts'
import type { OrderFacts } from './testing/test-evidence.ts'
import { orderOperation, paidOrder, testEvidence } from './testing/test-evidence.ts'

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)
const steady = numbers(1, 10).map((number) => paidOrder(number))
const steadyOperations = steady.flatMap(({ operations }) => operations)
const judge = (orders: readonly OrderFacts[], except?: string) =>
  settlesWithin.judge(testEvidence([...steady, ...orders], { steadyOperations }), {
    p90AtMostTimesSteady: 5,
    floorMs: 0,
    ...(except === undefined ? {} : { except }),
  })
const going = (number: number, tags: readonly string[] = []) =>
  paidOrder(number, {
    trail: ['placed', 'charging'],
    operations: [orderOperation(number, { tags })],
  })

test('holds when orders come to an end as soon as before', () => {
  expect(judge(numbers(20, 29).map((number) => paidOrder(number)))).toMatchObject({
    outcome: 'held',
    measured: 40,
    limit: 200,
    summary: 'p90 40 ms over 10 orders; steady state 40 ms, limit 200 ms.',
  })
})

test('an order that is still on its way in the end has taken all the time', () => {
  const orders = [...numbers(20, 27).map((number) => paidOrder(number)), going(28), going(29)]
  expect(judge(orders)).toMatchObject({
    outcome: 'violated',
    offenders: [
      { id: 'o-7f-000028.ab12', expected: 'its end within 200 ms', actual: 'on its way for 5.7 s' },
      {},
    ],
  })
})

test('orders of a role may be left out', () => {
  const orders = [paidOrder(20), going(28, ['huge']), going(29, ['huge'])]
  expect(judge(orders, 'huge')).toMatchObject({
    outcome: 'held',
    title: 'p90 of the way of all orders but the huge ones at most 5 times the steady state',
  })
})

test('is inconclusive without orders, and without a yardstick', () => {
  expect(judge([]).outcome).toBe('inconclusive')
  const unmeasured = settlesWithin.judge(testEvidence([paidOrder(1)]), { p90AtMostTimesSteady: 5 })
  expect(unmeasured.outcome).toBe('inconclusive')
})
