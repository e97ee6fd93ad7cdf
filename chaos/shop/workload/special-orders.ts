import { parseRate } from '#chaos/lib/values.ts'

import type { SpecialOrders } from './workload-keys.ts'

/** The workload of a scenario file with the special orders of a variant that begins at `fromMs`. */
export function addSpecialOrders(
  workload: Readonly<Record<string, unknown>>,
  special: SpecialOrders,
  fromMs: number,
): Readonly<Record<string, unknown>> {
  const { poison = [], huge = [] } = workload as SpecialOrders
  const before = ordersBefore(fromMs, workload['orders'])
  return {
    ...workload,
    poison: [...poison, ...(special.poison ?? []).map((number) => number + before)],
    huge: [...huge, ...(special.huge ?? []).map((one) => ({ ...one, order: one.order + before }))],
  }
}

/** Orders that arrive before this moment: one in each slot of the rate. */
function ordersBefore(ms: number, rate: unknown): number {
  return typeof rate === 'string' ? Math.ceil((parseRate(rate) * ms) / 1_000) : 0
}
