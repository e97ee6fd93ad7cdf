import { formatMs } from '#chaos/checks/lib/format.ts'
import type { Attempt } from '#chaos/contracts/history.ts'

import type { ShopOperation, ShopOperationKind } from '../operation.ts'
import type { Claim, FalseClaim } from './claim.ts'
import { owedRefusal } from './must-be-refused.ts'
import { placedOrderClaims, readOrderClaims } from './order-claims.ts'
import { productClaims, quoteClaims } from './product-claims.ts'
import type { ShopFacts } from './shop-facts.ts'

/** What the shop claims, for each kind of operation. */
const claims: Readonly<Record<ShopOperationKind, readonly Claim[]>> = {
  'place-order': placedOrderClaims,
  'read-order': readOrderClaims,
  browse: productClaims,
  quote: quoteClaims,
}

/**
 * The first false claim in the success responses of the operation. `firstMs`: when the first request began; with an
 * idempotency key, the first request with that key. Undefined: all are true.
 */
export function falseClaimOf(
  operation: ShopOperation,
  firstMs: number,
  facts: ShopFacts,
): FalseClaim | undefined {
  for (const attempt of operation.attempts) {
    if (attempt.status === undefined || attempt.status >= 400) continue
    const found = falseClaimIn(attempt, { operation, firstMs, facts })
    if (found !== undefined) return found
  }
  return undefined
}

function falseClaimIn(
  attempt: Attempt,
  {
    operation,
    firstMs,
    facts,
  }: { readonly operation: ShopOperation; readonly firstMs: number; readonly facts: ShopFacts },
): FalseClaim | undefined {
  const { body } = attempt
  if (body === undefined)
    return { expected: 'a JSON object of at most 4 KB', actual: 'another response body' }
  const owed = owedRefusal(operation)
  // A key is reused only if its first order was accepted. Then the claims about that order are false.
  if (owed !== undefined && owed.status !== 422)
    return { expected: `a refusal: ${owed.words}`, actual: `status ${attempt.status}` }
  for (const claim of claims[operation.kind]) {
    const found = claim({ operation, attempt, body, firstMs, facts })
    if (found !== undefined)
      return { ...found, actual: `${found.actual}, at ${formatMs(attempt.endMs)}` }
  }
  return undefined
}
