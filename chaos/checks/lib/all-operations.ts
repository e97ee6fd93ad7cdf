import type { Operation } from '#chaos/contracts/history.ts'

/** All operations of the run, including the steady state, by start time. */
export function allOperations<Sent extends Operation>({
  steadyOperations,
  operations,
}: {
  readonly steadyOperations: readonly Sent[]
  readonly operations: readonly Sent[]
}): readonly Sent[] {
  const byNumber = new Map(
    [...steadyOperations, ...operations].map((operation) => [operation.id, operation]),
  )
  return [...byNumber.values()].toSorted((a, b) => a.startMs - b.startMs || a.id - b.id)
}
