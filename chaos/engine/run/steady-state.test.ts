import { expect, test } from 'vitest'

import type { Operation } from '#chaos/contracts/history.ts'

import { settledCounters, createFakeSandbox } from '../testing/fake-sandbox.ts'
import { judgeSteadyState } from './steady-state.ts'

const never = new AbortController().signal

function operations(count: number, bad: Partial<Operation>[] = []): Operation[] {
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    kind: 'place-order',
    outcome: 'ok',
    startMs: 0,
    endMs: 1,
    attempts: [{ instance: 'api-1', startMs: 0, endMs: 1, status: 201 }],
    tags: [],
    ...bad[i],
  }))
}

async function judge(list: readonly Operation[], counters = settledCounters) {
  const { sandbox, clock, truth } = await createFakeSandbox()
  truth.counters = counters
  const judging = judgeSteadyState(sandbox, list, never)
  await clock.advance(6_000)
  return await judging
}

test('a shop that answers and comes to rest is steady', async () => {
  expect(await judge(operations(30))).toBeNull()
})

test('a no that the API means is an answer', async () => {
  const soldOut: Partial<Operation> = {
    outcome: 'fail',
    attempts: [{ instance: 'api-1', startMs: 0, endMs: 1, status: 409 }],
  }
  expect(await judge(operations(3, [soldOut, soldOut]))).toBeNull()
})

test('one stumble in a hundred is a busy machine; more is a broken happy path', async () => {
  const timeout: Partial<Operation> = {
    outcome: 'unknown',
    attempts: [{ instance: 'api-1', startMs: 0, endMs: 1, error: 'timeout' }],
  }
  expect(await judge(operations(100, [timeout]))).toBeNull()
  expect(await judge(operations(100, [timeout, timeout, timeout]))).toBe(
    'Before anything was broken, 3 of 100 operations went wrong: the first was place-order, unknown (timeout).',
  )
})

test('orders that nobody works on are a broken happy path', async () => {
  expect(await judge(operations(3), { ...settledCounters, unfinished: 3 })).toBe(
    'Before anything was broken, the shop did not come to rest within 5s: 3 unfinished orders.',
  )
})

test('no operation at all is no happy path', async () => {
  expect(await judge([])).toBe('No operation was sent in the steady state.')
})
