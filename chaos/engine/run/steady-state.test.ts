import { expect, test } from 'vitest'

import type { Operation } from '#chaos/contracts/history.ts'
import { workloadOf } from '#chaos/contracts/system.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { ShopPlanned } from '#chaos/shop/workload/planned.ts'
import { system } from '#chaos/system.ts'

import { parseScenario } from '../scenario/parse-scenario.ts'
import { settledCounters, createFakeSandbox } from '../testing/fake-sandbox.ts'
import { judgeSteadyState, warmUpWorkload } from './steady-state.ts'

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

test('a shop that responds and settles is steady', async () => {
  expect(await judge(operations(30))).toBeNull()
})

test('sold out is not a failure; another refusal is one, unless the shop owes it', async () => {
  const soldOut: Partial<Operation> = {
    outcome: 'fail',
    answer: 'sold-out',
    attempts: [{ instance: 'api-1', startMs: 0, endMs: 1, status: 409 }],
  }
  expect(await judge(operations(3, [soldOut, soldOut]))).toBeNull()
  const conflict = { ...soldOut, answer: 'in-progress' }
  expect(await judge(operations(3, [conflict]))).toContain('1 of 3 operations failed')
  const missing: Partial<Operation> = {
    outcome: 'fail',
    attempts: [{ instance: 'api-1', startMs: 0, endMs: 1, status: 404 }],
  }
  const owed = { ...missing, tags: ['unknown-product'] }
  expect(await judge(operations(3, [owed]))).toBeNull()
  expect(await judge(operations(3, [missing]))).toContain('1 of 3 operations failed')
  expect(await judge(operations(3, [{ tags: ['unknown-product'] }]))).toContain('1 of 3')
})

test('up to 2 % of the operations may fail', async () => {
  const timeout: Partial<Operation> = {
    outcome: 'unknown',
    attempts: [{ instance: 'api-1', startMs: 0, endMs: 1, error: 'timeout' }],
  }
  expect(await judge(operations(100, [timeout]))).toBeNull()
  expect(await judge(operations(100, [timeout, timeout, timeout]))).toMatch(
    /3 of 100 .*2 %.*place-order.*timeout/,
  )
})

test('a shop that does not settle within 5 s is not steady', async () => {
  expect(await judge(operations(3), { ...settledCounters, unfinished: 3 })).toMatch(
    /5s.*3 unfinished orders/,
  )
})

test('a steady state without operations proves nothing', async () => {
  expect(await judge([])).toMatch(/no operation/i)
})

test('the warm-up sends every kind that the scenario has, and takes nearly no stock', () => {
  const { workload } = parseScenario(
    `
title: t
workload: { orders: 24/s, reads: 1/s, duration: 4s, skus: { limited: 1 }, quantity: 3 }
expect: [no-lost-orders]
`,
    { file: 'scenario.yaml', system },
  )
  const truth = {
    products: [
      { sku: 'limited', stock: 5 },
      { sku: 'mug', stock: 900 },
    ],
  }
  const warmUp = warmUpWorkload(system, workload, truth)
  const planned = workloadOf(system).plan(warmUp, createRandom(1), 'w')
    .operations as readonly ShopPlanned[]
  const byKind = Map.groupBy(planned, ({ kind }) => kind)
  expect([...byKind].map(([kind, list]) => [kind, list.length])).toEqual(
    expect.arrayContaining([
      ['place-order', 4],
      ['read-order', 4],
    ]),
  )
  expect(byKind.size).toBe(2)
  expect(planned.every(({ sku, quantity }) => sku === 'mug' && quantity === 1)).toBe(true)
})
