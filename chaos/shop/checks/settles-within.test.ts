import { expect, test } from 'vitest'

import type { OrderFacts } from '../testing/test-evidence.ts'
import { orderOperation, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { settlesWithin } from './settles-within.ts'

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
const unfinished = (number: number, tags: readonly string[] = []) =>
  paidOrder(number, {
    trail: ['placed', 'charging'],
    operations: [orderOperation(number, { tags })],
  })

test('holds when orders finish as fast as in the steady state', () => {
  expect(judge(numbers(20, 29).map((number) => paidOrder(number)))).toMatchObject({
    outcome: 'held',
    measured: 40,
    limit: 200,
    summary: expect.stringMatching(/p90 .*40 ms over 10 orders.*40 ms.*200 ms/),
  })
})

test('an unfinished order counts with its time up to the final reads', () => {
  const orders = [
    ...numbers(20, 27).map((number) => paidOrder(number)),
    unfinished(28),
    unfinished(29),
  ]
  expect(judge(orders)).toMatchObject({
    outcome: 'violated',
    offenders: [
      {
        id: 'o-7f-000028.ab12',
        expected: expect.stringMatching(/200 ms/),
        actual: expect.stringMatching(/unfinished.*5\.7 s/),
      },
      {},
    ],
  })
})

test('orders of a role can be left out', () => {
  const orders = [paidOrder(20), unfinished(28, ['huge']), unfinished(29, ['huge'])]
  expect(judge(orders, 'huge')).toMatchObject({
    outcome: 'held',
    title: expect.stringMatching(/huge.*5 times/),
  })
})

test('is inconclusive without orders, and without a baseline', () => {
  expect(judge([]).outcome).toBe('inconclusive')
  const unmeasured = settlesWithin.judge(testEvidence([paidOrder(1)]), { p90AtMostTimesSteady: 5 })
  expect(unmeasured.outcome).toBe('inconclusive')
})
