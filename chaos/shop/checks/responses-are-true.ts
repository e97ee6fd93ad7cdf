import { allOperations } from '#chaos/checks/lib/all-operations.ts'
import { checkResult, inconclusiveResult } from '#chaos/checks/lib/check-result.ts'
import { operationName } from '#chaos/checks/lib/describe-operation.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import { falseClaimOf } from '../claims/false-claims.ts'
import { factsOfRun } from '../claims/shop-facts.ts'
import { defineCheck } from './lib/define-check.ts'
import { firstRequests } from './lib/first-requests.ts'

const name = 'responses-are-true'
const title = 'every response is true'

/** A wrong response is worse than no response: the customer decides with it. */
export const responsesAreTrue = defineCheck({
  name,
  safety: true,
  description:
    'Whatever a success response claims agrees with the sources of truth at that moment: price, amount, stock, payment methods, order and status.',
  params: noParams,
  judge(evidence) {
    const facts = factsOfRun(evidence)
    const first = firstRequests(evidence)
    const answered = allOperations(evidence).filter(({ attempts }) =>
      attempts.some(({ status }) => status !== undefined && status < 400),
    )
    if (answered.length === 0)
      return inconclusiveResult(name, title, 'No operation received a success response.')
    const offenders = answered.flatMap((operation): Offender[] => {
      const found = falseClaimOf(operation, first(operation), facts)
      return found === undefined ? [] : [{ id: operationName(operation), ...found }]
    })
    const total = formatCount(answered.length, 'response')
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${answered.length} of ${total} agree with the sources of truth.`,
      violated: `${offenders.length} of ${total} ${offenders.length === 1 ? 'is' : 'are'} wrong. The first: ${sentence(offenders[0])}.`,
    })
  },
})

function sentence(offender: Offender | undefined): string {
  return offender === undefined
    ? ''
    : `${offender.id} received ${offender.actual} instead of ${offender.expected}`
}
