import { expect, test } from 'vitest'

import type { Operation } from '#chaos/contracts/history.ts'

import { sameKeySameAnswer } from './same-key-same-answer.ts'
import {
  failedSubmission,
  orderOperation,
  paidOrder,
  testEvidence,
} from './testing/test-evidence.ts'

const first = orderOperation(1, { tags: ['duplicate'] })
const second = (over: Parameters<typeof orderOperation>[1]) => ({ ...first, id: 2, ...over })
const judge = (...operations: readonly Operation[]) =>
  sameKeySameAnswer.judge(testEvidence([paidOrder(1, { operations })]), {})

test('holds when a repetition is told what the first was told', () => {
  expect(judge(first, second({}))).toMatchObject({
    outcome: 'held',
    summary: '1 key sent more than once got one answer each.',
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

test('a yes to another body is violated', () => {
  expect(judge(first, second({ quantity: 3 })).offenders[0]?.actual).toBe(
    'a yes to both 2 x tea and 3 x tea',
  )
})

test('another answer to a retry is violated', () => {
  const [attempt] = first.attempts
  const attempts = attempt === undefined ? [] : [attempt, { ...attempt, answerHash: 'b' }]
  expect(judge(orderOperation(1, { attempts })).offenders[0]?.actual).toBe(
    '2 different answers with a yes',
  )
})

test('is inconclusive when no key was answered twice', () => {
  expect(judge(orderOperation(1)).outcome).toBe('inconclusive')
})
