import { expect, test } from 'vitest'

import { availability } from './availability.ts'
import {
  failedSubmission,
  paidOrder,
  readOperation,
  testEvidence,
} from './testing/test-evidence.ts'

const browse = (id: number, ok: boolean) =>
  readOperation(id, 'browse', { outcome: ok ? 'ok' : 'fail', ms: ok ? 5 : 900 })
/** Ten a second from 0 to 4 s; those at 1 to 3 s meet the faults. */
const operations = Array.from({ length: 400 }, (_, i) =>
  browse(i, i < 100 || i >= 300 || i % 10 > 0),
)

test('holds at the share that was asked for', () => {
  const evidence = testEvidence([], { operations })
  expect(availability.judge(evidence, { of: 'browse', atLeast: 0.95 })).toMatchObject({
    outcome: 'held',
    measured: 0.95,
    title: 'availability of browse at least 95 %',
    summary: '380 of 400 browse got a yes (95 %).',
  })
})

test('the window of the faults is stricter than the whole run', () => {
  const evidence = testEvidence([], { operations })
  const result = availability.judge(evidence, { of: 'browse', atLeast: 0.95, during: 'faults' })
  expect(result).toMatchObject({
    outcome: 'violated',
    offendersTotal: 20,
    summary: '20 of 201 browse got no yes: 90 % did, at least 95 % must.',
  })
  expect(result.offenders[0]).toMatchObject({
    id: 'browse #100',
    actual: 'timeout after 1 attempt and 900 ms',
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

test('an order that was refused because nothing is left is answered rightly, another refusal is not', () => {
  const soldOut = { ...failedSubmission(2, 'fail'), answer: 'sold-out' }
  const held = testEvidence([paidOrder(1), paidOrder(2, { operations: [soldOut] })])
  expect(availability.judge(held, { of: 'place-order', atLeast: 1 }).outcome).toBe('held')
  const refused = testEvidence([
    paidOrder(1),
    paidOrder(2, { operations: [failedSubmission(2, 'fail')] }),
  ])
  expect(availability.judge(refused, { of: 'place-order', atLeast: 1 })).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'o-7f-000002', actual: 'overloaded after 1 attempt and 8 ms' }],
  })
})

test('can ask for a certain answer, and look at the steady state', () => {
  const quote = (id: number, answer: string) => ({ ...readOperation(id, 'quote'), answer })
  const steadyOperations = [quote(1, 'complete'), quote(2, 'incomplete')]
  const evidence = testEvidence([], { steadyOperations })
  const params = { of: 'quote', during: 'steady', answered: 'complete' } as const
  expect(availability.judge(evidence, { ...params, atLeast: 0.5 }).outcome).toBe('held')
  expect(availability.judge(evidence, { ...params, atLeast: 0.6 })).toMatchObject({
    outcome: 'violated',
    title: 'availability of quote (complete) in the steady state at least 60 %',
    offenders: [{ id: 'quote #2', actual: 'answered incomplete' }],
  })
})

test('is inconclusive when nothing of the kind was sent', () => {
  const result = availability.judge(testEvidence([]), { of: 'quote', atLeast: 0.9 })
  expect(result).toMatchObject({
    outcome: 'inconclusive',
    summary: expect.stringMatching(/give the workload a rate/),
  })
})
