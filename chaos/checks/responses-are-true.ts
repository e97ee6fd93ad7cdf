import type { Offender } from '#chaos/contracts/check.ts'
import type { Operation, OperationKind } from '#chaos/contracts/history.ts'

import type { Claim } from './claims/claim.ts'
import { owedRefusal } from './claims/must-be-refused.ts'
import { placedOrderClaims, readOrderClaims } from './claims/order-claims.ts'
import { productClaims, quoteClaims } from './claims/product-claims.ts'
import { shopFacts } from './claims/shop-facts.ts'
import type { ShopFacts } from './claims/shop-facts.ts'
import { checkResult, inconclusiveResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { operationName } from './lib/describe-operation.ts'
import { firstRequests } from './lib/first-requests.ts'
import { formatCount, formatMs } from './lib/format.ts'
import { allOperations } from './lib/order-cases.ts'
import { noParams } from './lib/params.ts'

const name = 'responses-are-true'
const title = 'every response is true'

/** What the shop claims, for each kind of operation. */
const claims: Readonly<Record<OperationKind, readonly Claim[]>> = {
  'place-order': placedOrderClaims,
  'read-order': readOrderClaims,
  browse: productClaims,
  quote: quoteClaims,
}

/** A wrong response is worse than no response: the customer decides with it. */
export const responsesAreTrue = defineCheck({
  name,
  safety: true,
  description:
    'Whatever a success response claims agrees with the sources of truth at that moment: price, amount, stock, payment methods, order and status.',
  params: noParams,
  judge(evidence) {
    const facts = shopFacts(evidence)
    const first = firstRequests(evidence)
    const answered = allOperations(evidence).filter(({ attempts }) =>
      attempts.some(({ status }) => status !== undefined && status < 400),
    )
    if (answered.length === 0)
      return inconclusiveResult(name, title, 'No operation received a success response.')
    const offenders = answered.flatMap((operation) =>
      falseClaims(operation, first(operation), facts),
    )
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

/** The first false claim of the operation. */
function falseClaims(operation: Operation, firstMs: number, facts: ShopFacts): Offender[] {
  for (const attempt of operation.attempts) {
    if (attempt.status === undefined || attempt.status >= 400) continue
    const id = operationName(operation)
    const { body } = attempt
    if (body === undefined)
      return [{ id, expected: 'a JSON object of at most 4 KB', actual: 'another response body' }]
    const owed = owedRefusal(operation)
    // A key is reused only if its first order was accepted. Then the claims about that order are false.
    if (owed !== undefined && owed.status !== 422)
      return [{ id, expected: `a refusal: ${owed.words}`, actual: `status ${attempt.status}` }]
    for (const claim of claims[operation.kind]) {
      const found = claim({ operation, attempt, body, firstMs, facts })
      if (found !== undefined)
        return [{ id, ...found, actual: `${found.actual}, at ${formatMs(attempt.endMs)}` }]
    }
  }
  return []
}

function sentence(offender: Offender | undefined): string {
  return offender === undefined
    ? ''
    : `${offender.id} received ${offender.actual} instead of ${offender.expected}`
}
