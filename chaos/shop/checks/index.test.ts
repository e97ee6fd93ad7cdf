import { Check } from 'typebox/value'
import { expect, test } from 'vitest'

import { findCheck } from '#chaos/checks/lib/find-check.ts'
import { judgeExpectations } from '#chaos/checks/lib/judge-expectations.ts'

import { paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { checks } from './index.ts'

test('finds a check by its name, and no check for another name', () => {
  expect(findCheck(checks, 'no-lost-orders')).toBe(checks['no-lost-orders'])
  expect(findCheck(checks, 'toString')).toBeUndefined()
})

test('judges the expectations of a scenario in their order', () => {
  const results = judgeExpectations(
    testEvidence([paidOrder(1)]),
    [
      { check: 'books-balance', params: {} },
      { check: 'availability', params: { of: 'place-order', atLeast: 0.9 } },
    ],
    checks,
  )
  expect(results.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['books-balance', 'held'],
    ['availability', 'held'],
  ])
})

test('a check that throws or does not exist is inconclusive', () => {
  const results = judgeExpectations(
    testEvidence([paidOrder(1)]),
    [
      { check: 'latency', params: { of: 'place-order' } },
      { check: 'latncy', params: {} },
    ],
    checks,
  )
  expect(results.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive'])
})

test.each(Object.values(checks))(
  '$name describes its parameters, and its example is valid',
  ({ params, example }) => {
    const properties: Readonly<Record<string, object>> = params.properties
    const undescribed = Object.values(properties).filter((schema) => !('description' in schema))
    expect(undescribed).toEqual([])
    expect(Check(params, example ?? {})).toBe(true)
  },
)
