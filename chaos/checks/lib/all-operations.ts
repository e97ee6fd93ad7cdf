import type { RunFacts } from '#chaos/contracts/check.ts'
import type { Operation } from '#chaos/contracts/history.ts'

/** All operations of the run, including the steady state, by start time. */
export function allOperations({
  steadyOperations,
  operations,
}: Pick<RunFacts, 'steadyOperations' | 'operations'>): readonly Operation[] {
  const byNumber = new Map(
    [...steadyOperations, ...operations].map((operation) => [operation.id, operation]),
  )
  return [...byNumber.values()].toSorted((a, b) => a.startMs - b.startMs || a.id - b.id)
}
