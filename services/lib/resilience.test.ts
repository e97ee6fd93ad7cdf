import { expect, test } from 'vitest'

import { backoffMs } from './backoff.ts'
import { createBreaker } from './breaker.ts'
import { createRetryBudget } from './retry-budget.ts'

test('backoff doubles up to its limit, with full jitter below it', () => {
  const limits = { baseMs: 100, maxMs: 1_000 }
  expect([0, 1, 2, 3, 4, 9].map((retry) => backoffMs(limits, retry, () => 1))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ])
  expect(backoffMs(limits, 3, () => 0)).toBe(0)
})

test('a budget allows its share of retries, and the saved ones', () => {
  const budget = createRetryBudget({ share: 0.1, savedMax: 2 })
  expect([budget.withdraw(), budget.withdraw(), budget.withdraw()]).toEqual([true, true, false])
  for (let call = 0; call < 9; call++) budget.deposit()
  expect(budget.withdraw()).toBe(false)
  budget.deposit()
  budget.deposit()
  expect([budget.withdraw(), budget.withdraw()]).toEqual([true, false])
})

test('a breaker opens after failures in a row, allows one call, and closes when it succeeds', () => {
  let nowMs = 0
  const breaker = createBreaker({ failuresMax: 3, openMs: 100 }, () => nowMs)
  breaker.failed()
  breaker.failed()
  breaker.succeeded()
  breaker.failed()
  breaker.failed()
  expect(breaker.allows()).toBe(true)
  breaker.failed()
  expect(breaker.state).toBe('open')
  expect(breaker.allows()).toBe(false)
  nowMs = 100
  expect([breaker.allows(), breaker.allows()]).toEqual([true, false])
  breaker.failed()
  nowMs = 150
  expect(breaker.allows()).toBe(false)
  nowMs = 200
  expect(breaker.allows()).toBe(true)
  breaker.succeeded()
  expect([breaker.state, breaker.allows(), breaker.allows()]).toEqual(['closed', true, true])
})
