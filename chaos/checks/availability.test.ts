import { expect, test } from 'vitest'

import type { ShopOperation } from '#chaos/shop/operation.ts'
import { shopInChecks } from '#chaos/shop/operations.ts'
import {
  at,
  failedSubmission,
  orderOperation,
  paidOrder,
  readOperation,
  testEvidence,
} from '#chaos/shop/testing/test-evidence.ts'

import { availability as availabilityIn } from './availability.ts'

const availability = availabilityIn(shopInChecks)

const browse = (id: number, ok: boolean) =>
  readOperation(id, 'browse', { outcome: ok ? 'ok' : 'fail', ms: ok ? 5 : 900 })
/** One every 10 ms from 0 s to 4 s. From 1 s to 3 s, one of ten fails. */
const operations = Array.from({ length: 400 }, (_, i) =>
  browse(i, i < 100 || i >= 300 || i % 10 > 0),
)

test('holds at the required share', () => {
  const evidence = testEvidence([], { operations })
  expect(availability.judge(evidence, { of: 'browse', atLeast: 0.95 })).toMatchObject({
    outcome: 'held',
    measured: 0.95,
    title: expect.stringMatching(/browse.*95 %/),
    summary: expect.stringMatching(/380 of 400 browse requests .*95 %/),
  })
})

test('the window of the faults counts only operations between fault and heal', () => {
  const evidence = testEvidence([], { operations })
  const result = availability.judge(evidence, { of: 'browse', atLeast: 0.95, during: 'faults' })
  expect(result).toMatchObject({
    outcome: 'violated',
    offendersTotal: 20,
    summary: expect.stringMatching(/20 of 201 browse requests .*90 %.*95 %/),
  })
  expect(result.offenders[0]).toMatchObject({
    id: 'browse #100',
    actual: expect.stringMatching(/timeout .*1 attempt .*900 ms/),
  })
})

test('the steady state is not counted', () => {
  const steadyOperations = [browse(1, false), browse(2, false)]
  const evidence = testEvidence([], {
    operations: [...steadyOperations, browse(3, true)],
    steadyOperations,
  })
  expect(availability.judge(evidence, { of: 'browse', atLeast: 1 }).outcome).toBe('held')
})

test('a true sold-out does not count; a false one and another refusal are failures', () => {
  const attempt = { instance: 'api-1', startMs: 20, endMs: 28, status: 409, code: 'sold-out' }
  const soldOut = { ...failedSubmission(2, 'fail'), answer: 'sold-out', attempts: [attempt] }
  const left = (stock: number) =>
    testEvidence([paidOrder(1), paidOrder(2, { rows: [], operations: [soldOut] })], {
      truth: {
        stockEvents: [{ sku: 'tea', stock, previousStock: 9, at: at(1), committedAt: at(1) }],
      },
    })
  expect(availability.judge(left(1), { of: 'place-order', atLeast: 1 }).outcome).toBe('held')
  expect(availability.judge(left(2), { of: 'place-order', atLeast: 1 }).outcome).toBe('violated')
  const refused = testEvidence([
    paidOrder(1),
    paidOrder(2, { operations: [failedSubmission(2, 'fail')] }),
  ])
  expect(availability.judge(refused, { of: 'place-order', atLeast: 1 })).toMatchObject({
    outcome: 'violated',
    offenders: [
      { id: 'o-7f-000002', actual: expect.stringMatching(/503 overloaded .*1 attempt .*8 ms/) },
    ],
  })
})

test('can require an answer, and judge the steady state', () => {
  const quote = (id: number, answer: string) => ({ ...readOperation(id, 'quote'), answer })
  const steadyOperations = [quote(1, 'complete'), quote(2, 'incomplete')]
  const evidence = testEvidence([], { steadyOperations })
  const params = { of: 'quote', during: 'steady', answered: 'complete' } as const
  expect(availability.judge(evidence, { ...params, atLeast: 0.5 }).outcome).toBe('held')
  expect(availability.judge(evidence, { ...params, atLeast: 0.6 })).toMatchObject({
    outcome: 'violated',
    title: expect.stringMatching(/quote.*complete.*steady state.*60 %/),
    offenders: [{ id: 'quote #2', actual: expect.stringMatching(/incomplete/) }],
  })
})

test('is inconclusive without an operation of the kind', () => {
  const result = availability.judge(testEvidence([]), { of: 'quote', atLeast: 0.9 })
  expect(result).toMatchObject({
    outcome: 'inconclusive',
    summary: expect.stringMatching(/quote requests.*rate/),
  })
})

test('the last definite response decides: first "in progress", then a true refusal', () => {
  const times = { instance: 'api-1', startMs: 20, endMs: 28 }
  const busy = { ...times, status: 409, code: 'in-progress', definite: false }
  const reused = { ...times, status: 422, code: 'key-reused', definite: true }
  const other = {
    ...orderOperation(2, { id: 902, quantity: 3, answer: 'key-reused' }),
    outcome: 'unknown' as const,
    attempts: [busy, reused],
  }
  const judge = (last: readonly ShopOperation[]) =>
    availability.judge(testEvidence([paidOrder(2, { operations: [orderOperation(2), ...last] })]), {
      of: 'place-order',
      atLeast: 1,
    }).outcome
  expect(judge([other])).toBe('held')
  expect(judge([{ ...other, attempts: [busy] }])).toBe('violated')
})
