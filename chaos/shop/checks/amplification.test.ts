import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'

import {
  at,
  chargeRequest,
  orderOperation,
  paidOrder,
  readOperation,
  testEvidence,
} from '../testing/test-evidence.ts'
import { amplification } from './amplification.ts'

const again = chargeRequest(1, { outcome: 'replayed' })
const orders = [paidOrder(1, { chargeRequests: [chargeRequest(1), again, again] }), paidOrder(2)]

test('counts charge requests per order in payments’ books', () => {
  const result = amplification.judge(testEvidence(orders), { atMost: 2 })
  expect(result).toMatchObject({
    outcome: 'held',
    measured: 2,
    summary: expect.stringMatching(/2\.00 .*4 .*2 orders.*2 allowed/),
  })
})

test('more charge requests than allowed are violated; the order with the most comes first', () => {
  expect(amplification.judge(testEvidence(orders), { atMost: 1.5 })).toMatchObject({
    outcome: 'violated',
    offenders: [
      { id: 'o-7f-000001.ab12', actual: expect.stringMatching(/3 .*charged, replayed, replayed/) },
    ],
  })
})

test('a role selects orders', () => {
  const huge = paidOrder(3, {
    operations: [orderOperation(3, { tags: ['huge'] })],
    chargeRequests: [chargeRequest(3), chargeRequest(3, { outcome: 'replayed' })],
  })
  const judge = (role: string) =>
    amplification.judge(testEvidence([...orders, huge]), { atMost: 1, role })
  expect(judge('huge')).toMatchObject({
    outcome: 'violated',
    title: expect.stringMatching(/1 .*huge order/),
    summary: expect.stringMatching(/2\.00 .*2 .*1 huge order/),
    offenders: [{ id: 'o-7f-000003.ab12' }],
  })
  expect(judge('suspicious').outcome).toBe('inconclusive')
})

const request = (
  ms: number,
  link: string,
  part: 'request' | 'reply' = 'request',
): SandboxEvent => ({
  seq: ms,
  at: at(ms),
  ms,
  type: 'exchange',
  link,
  connection: 1,
  exchange: ms,
  part,
  signature: 'POST /quotes',
  bytes: 100,
  atMs: ms,
})
const journal = [
  request(10, 'api-1:payments'),
  request(1_100, 'api-1:payments'),
  request(1_110, 'api-1:payments', 'reply'),
  request(1_200, 'api-2:payments'),
  request(1_300, 'api-2:payments'),
  request(1_300, 'api-2:postgres'),
]
const operations = [
  readOperation(1, 'quote'),
  readOperation(110, 'quote'),
  readOperation(120, 'quote'),
]

test('counts requests on tapped links per operation, in the window', () => {
  const evidence = testEvidence([], { journal, operations })
  const params = { link: 'api-*:payments', per: 'quote', during: 'faults' } as const
  expect(amplification.judge(evidence, { ...params, atMost: 1.5 })).toMatchObject({
    outcome: 'held',
    measured: 1.5,
  })
  expect(amplification.judge(evidence, { ...params, atMost: 1 }).outcome).toBe('violated')
})

test('is inconclusive without a downstream request', () => {
  expect(amplification.judge(testEvidence([]), { atMost: 2 }).outcome).toBe('inconclusive')
  const evidence = testEvidence([], { journal, operations })
  const other = { link: 'worker-*:payments', per: 'quote', atMost: 1 } as const
  expect(amplification.judge(evidence, other)).toMatchObject({
    outcome: 'inconclusive',
    summary: expect.stringMatching(/tapped/),
  })
})
