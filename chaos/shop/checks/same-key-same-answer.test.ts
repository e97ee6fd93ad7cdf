import { expect, test } from 'vitest'

import type { ShopOperation } from '../operation.ts'
import {
  failedSubmission,
  orderOperation,
  paidOrder,
  testEvidence,
} from '../testing/test-evidence.ts'
import { sameKeySameAnswer } from './same-key-same-answer.ts'

const first = orderOperation(1, { tags: ['duplicate'] })
const second = (over: Parameters<typeof orderOperation>[1]) => ({ ...first, id: 2, ...over })
const judge = (...operations: readonly ShopOperation[]) =>
  sameKeySameAnswer.judge(testEvidence([paidOrder(1, { operations })]), {})

test('holds when a repeated request receives the first response', () => {
  expect(judge(first, second({}))).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/1 of 1 repeated key/),
  })
})

test('holds when another body is refused', () => {
  const refused = {
    ...failedSubmission(1, 'fail'),
    id: 2,
    quantity: 3,
    tags: ['duplicate', 'other-body'],
  }
  expect(judge(first, refused).outcome).toBe('held')
})

test('two orders for one key are violated', () => {
  expect(judge(first, second({ orderId: 'o-7f-000001.zz99' }))).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'o-7f-000001', actual: '2 orders: o-7f-000001.ab12 and o-7f-000001.zz99' }],
  })
})

test('success for another body is violated', () => {
  expect(judge(first, second({ quantity: 3 })).offenders[0]?.actual).toMatch(/2 x tea.*3 x tea/)
})

test('another response to a retry is violated', () => {
  const [attempt] = first.attempts
  const attempts = attempt === undefined ? [] : [attempt, { ...attempt, answerHash: 'b' }]
  expect(judge(orderOperation(1, { attempts })).offenders[0]?.actual).toMatch(/^2 different/)
})

test('is inconclusive without two responses to one key', () => {
  expect(judge(orderOperation(1)).outcome).toBe('inconclusive')
})
