import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'
import type { Attempt } from '#chaos/contracts/history.ts'

import { defineCheck } from './lib/define-check.ts'
import { orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'same-key-same-answer'
const title = 'the same key receives the same response'

/** The contract of Idempotency-Key: a repeated request receives the first response again; another body is refused. */
export const sameKeySameAnswer = defineCheck({
  name,
  safety: true,
  description:
    'All success responses to one Idempotency-Key are the same and name one order. The key is refused for another body.',
  params: noParams,
  judge(evidence) {
    const repeated = orderCases(evidence).filter((order) => submissions(order) > 1)
    const answered = repeated.filter((order) => successes(order).length > 0)
    if (!repeated.some((order) => responses(order) > 1))
      return inconclusiveResult(
        name,
        title,
        'No key received two responses, so no two could differ. Give the workload duplicates.',
      )
    const offenders = answered.flatMap((order) => differing(order))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${answered.length} of ${formatCount(answered.length, 'repeated key')} received the same response each time.`,
      violated: `${offenders.length} of ${formatCount(answered.length, 'repeated key')} received different success responses.`,
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
        expected: 'a refusal of the key for another body',
        actual: `success for both ${[...bodies].join(' and ')}`,
      },
    ]
  const hashes = new Set(successes(order).map(({ answerHash }) => answerHash))
  if (hashes.size > 1)
    return [
      {
        id: order.key,
        expected: 'the first response again',
        actual: `${hashes.size} different success responses`,
      },
    ]
  return []
}

function successes(order: OrderCase): Attempt[] {
  return order.operations
    .flatMap(({ attempts }) => attempts)
    .filter(({ status }) => status !== undefined && status < 400)
}

function submissions(order: OrderCase): number {
  return order.operations.reduce((sum, { attempts }) => sum + attempts.length, 0)
}

function responses(order: OrderCase): number {
  return order.operations
    .flatMap(({ attempts }) => attempts)
    .filter(({ status }) => status !== undefined).length
}
