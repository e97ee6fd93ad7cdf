import { allOperations } from '#chaos/checks/lib/all-operations.ts'
import { checkResult, inconclusiveResult } from '#chaos/checks/lib/check-result.ts'
import { operationName } from '#chaos/checks/lib/describe-operation.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import { falselyRejected } from '../claims/order-refusals.ts'
import { falseRefusal, statementsIn } from '../claims/refusal.ts'
import { factsOfRun } from '../claims/shop-facts.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderCases, orderName } from './lib/order-cases.ts'

const name = 'refusals-are-true'
const title = 'every refusal is true'

/**
 * "Sold out", "declined", "unknown", "nothing happened": each is a statement. After it, a client does not try again.
 * So a false one is worse than no response.
 */
export const refusalsAreTrue = defineCheck({
  name,
  safety: true,
  description:
    'Every definite refusal agrees with the sources of truth at that moment: sold out, unknown product or order, key used for another body, nothing happened. Only a declined charge rejects an order, and only an order that the shop cannot process is parked.',
  params: noParams,
  judge(evidence) {
    const operations = allOperations(evidence)
    if (operations.length === 0)
      return inconclusiveResult(name, title, 'The workload sent no operation.')
    const facts = factsOfRun(evidence)
    const cases = orderCases(evidence)
    const byKey = new Map(cases.map((order) => [order.key, order]))
    const untrue = operations.flatMap((operation): Offender[] => {
      const order = operation.key === undefined ? undefined : byKey.get(operation.key)
      const found = falseRefusal(operation, order, facts)
      return found === undefined ? [] : [{ id: operationName(operation), ...found }]
    })
    const rejected = cases.flatMap((order): Offender[] => {
      const found = falselyRejected(order)
      return found === undefined ? [] : [{ id: orderName(order), ...found }]
    })
    const offenders = [...untrue, ...rejected]
    const refused = operations.filter((operation) => statementsIn(operation).length > 0)
    const [first] = offenders
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${refused.length} of ${formatCount(refused.length, 'definite refusal')} agree with the sources of truth.`,
      violated: `${formatCount(offenders.length, 'refusal')} ${offenders.length === 1 ? 'is' : 'are'} false. The first: ${first?.id} received ${first?.actual}, but ${first?.expected}.`,
    })
  },
})
