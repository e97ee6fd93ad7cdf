import { allOperations } from '#chaos/checks/lib/all-operations.ts'

import type { ShopRun } from '../../evidence.ts'
import type { ShopOperation } from '../../operation.ts'

/**
 * When the first request of an operation began. With an idempotency key, that is the first request with that key: a later one
 * receives the stored response.
 */
export function firstRequests(evidence: ShopRun): (operation: ShopOperation) => number {
  const byKey = new Map<string, number>()
  for (const { key, startMs } of allOperations(evidence))
    if (key !== undefined) byKey.set(key, Math.min(startMs, byKey.get(key) ?? startMs))
  return ({ key, startMs }) => (key === undefined ? startMs : (byKey.get(key) ?? startMs))
}
