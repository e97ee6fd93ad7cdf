import type { Offender } from '#chaos/contracts/check.ts'
import type { Attempt } from '#chaos/contracts/history.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'
import { noParams } from './lib/params.ts'

const name = 'same-key-same-answer'
const title = 'the same key gets the same answer'

/** The promise behind Idempotency-Key: a repetition is told what the first was told; another body is refused. */
export const sameKeySameAnswer = defineCheck({
  name,
  safety: true,
  description:
    'All answers with a yes to one Idempotency-Key are the same, name one order, and the key is refused for another body.',
  params: noParams,
  judge(evidence) {
    const repeated = orderCases(evidence).filter((order) => submissions(order) > 1)
    const answered = repeated.filter((order) => yeses(order).length > 0)
    if (!repeated.some((order) => replies(order) > 1))
      return inconclusiveResult(
        name,
        title,
        'No key was answered twice, so no two answers could differ.',
      )
    const offenders = answered.flatMap((order) => differing(order))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${formatCount(answered.length, 'key')} sent more than once got one answer each.`,
      violated: `${offenders.length} of ${formatCount(answered.length, 'key')} sent more than once got different answers.`,
    })
  },
})

function differing(order: OrderCase): Offender[] {
  const ids = order.acknowledgedIds
  if (ids.length > 1)
    return [
      {
        id: order.key,
        expected: 'one order for one key',
        actual: `${ids.length} orders: ${ids.join(' and ')}`,
      },
    ]
  const bodies = new Set(
    order.operations
      .filter(({ outcome }) => outcome === 'ok')
      .map(({ sku, quantity }) => `${quantity} x ${sku}`),
  )
  if (bodies.size > 1)
    return [
      {
        id: order.key,
        expected: 'the key refused for another body',
        actual: `a yes to both ${[...bodies].join(' and ')}`,
      },
    ]
  const hashes = new Set(yeses(order).map(({ answerHash }) => answerHash))
  if (hashes.size > 1)
    return [
      {
        id: order.key,
        expected: 'the first answer again',
        actual: `${hashes.size} different answers with a yes`,
      },
    ]
  return []
}

function yeses(order: OrderCase): Attempt[] {
  return order.operations
    .flatMap(({ attempts }) => attempts)
    .filter(({ status }) => status !== undefined && status < 400)
}

function submissions(order: OrderCase): number {
  return order.operations.reduce((sum, { attempts }) => sum + attempts.length, 0)
}

function replies(order: OrderCase): number {
  return order.operations
    .flatMap(({ attempts }) => attempts)
    .filter(({ status }) => status !== undefined).length
}
