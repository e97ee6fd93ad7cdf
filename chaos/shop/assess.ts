import type { Assessment } from '#chaos/contracts/check.ts'

import { orderCases } from './checks/lib/order-cases.ts'
import type { OrderCase } from './checks/lib/order-cases.ts'
import { unsettledWork } from './checks/lib/unsettled-work.ts'
import { mustBeRefused, owedRefusal } from './claims/must-be-refused.ts'
import { isTrulyRefused } from './claims/refusal.ts'
import { factsOfRun } from './claims/shop-facts.ts'
import type { ShopFacts } from './claims/shop-facts.ts'
import type { ShopRun } from './evidence.ts'
import type { ShopOperation } from './operation.ts'

/** What the shop owes and what its truth justifies, in one run. */
export function assess(run: ShopRun): Assessment {
  // Most checks need neither.
  let facts: ShopFacts | undefined
  let cases: ReadonlyMap<string, OrderCase> | undefined
  return {
    isOwedRefusal: (operation) => mustBeRefused(operation),
    isTrueRefusal: (operation: ShopOperation) => {
      facts ??= factsOfRun(run)
      cases ??= new Map(orderCases(run).map((order) => [order.key, order]))
      return isTrulyRefused(operation, cases.get(operation.key ?? ''), facts)
    },
    unsettled: unsettledWork(run.truth),
  }
}

/** A success or "sold out"; for an operation that must be refused, that refusal. */
export function isHealthy(operation: ShopOperation): boolean {
  const { outcome, attempts, answer } = operation
  const owed = owedRefusal(operation)
  if (owed === undefined) return outcome === 'ok' || (outcome === 'fail' && answer === 'sold-out')
  return outcome === 'fail' && attempts.at(-1)?.status === owed.status
}
