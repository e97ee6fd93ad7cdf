import { isDefiniteRefusal } from '#chaos/contracts/history.ts'
import type { Attempt } from '#chaos/contracts/history.ts'

import type { OrderCase } from '../checks/lib/order-cases.ts'
import type { ShopOperation } from '../operation.ts'
import type { FalseClaim } from './claim.ts'
import { falseOrderRefusal } from './order-refusals.ts'
import type { ShopFacts } from './shop-facts.ts'

/** The first false statement in the refusals of an operation. Undefined: all are true, or say nothing definite. */
export function falseRefusal(
  operation: ShopOperation,
  order: OrderCase | undefined,
  facts: ShopFacts,
): FalseClaim | undefined {
  for (const attempt of statementsIn(operation)) {
    const found = judgeAttempt(operation, attempt, order, facts)
    if (found !== undefined) return found
  }
  return undefined
}

/** The refusals that state something: an error of the server to a request without an effect does not. */
export function statementsIn({ kind, attempts }: ShopOperation): readonly Attempt[] {
  return attempts.filter(
    (attempt) =>
      isDefiniteRefusal(attempt) && (kind === 'place-order' || (attempt.status ?? 0) < 500),
  )
}

/**
 * Whether the last response is a refusal, and it is true: then the shop was available. An earlier attempt without a definite
 * response ("in progress") does not change that.
 */
export function isTrulyRefused(
  operation: ShopOperation,
  order: OrderCase | undefined,
  facts: ShopFacts,
): boolean {
  const last = operation.attempts.at(-1)
  return (
    operation.outcome !== 'ok' &&
    last?.status !== undefined &&
    last.status < 500 &&
    isDefiniteRefusal(last) &&
    judgeAttempt(operation, last, order, facts) === undefined
  )
}

function judgeAttempt(
  operation: ShopOperation,
  attempt: Attempt,
  order: OrderCase | undefined,
  facts: ShopFacts,
): FalseClaim | undefined {
  const actual = `the refusal ${attempt.status} ${attempt.code ?? ''}`.trim()
  const { kind, tags } = operation
  if (kind === 'place-order' && order !== undefined) {
    const found = falseOrderRefusal(operation, attempt, order, facts)
    if (found !== undefined) return { expected: found, actual }
  }
  const status = attempt.status ?? 0
  if (status >= 500 || status === 429) return undefined
  if (tags.includes('bad-quantity'))
    return status === 400 ? undefined : { expected: 'the request is malformed: 400', actual }
  if (status === 404) {
    const missing = notFound(operation, attempt, facts)
    return missing === undefined ? undefined : { expected: missing, actual }
  }
  if (kind === 'place-order' && (status === 409 || status === 422)) return undefined
  return { expected: 'the request is valid', actual }
}

/** Why a 404 is false. */
function notFound(
  { kind, orderId, sku }: ShopOperation,
  { startMs }: Attempt,
  facts: ShopFacts,
): string | undefined {
  if (kind !== 'read-order') return facts.hasProduct(sku ?? '') ? `${sku} exists` : undefined
  const visibleMs = facts.visibleFromMs(orderId ?? '')
  return visibleMs === undefined || visibleMs > startMs
    ? undefined
    : `order ${orderId} exists in Postgres`
}
