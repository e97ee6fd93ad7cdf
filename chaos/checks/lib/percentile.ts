import type { Operation } from '#chaos/contracts/history.ts'

/** The value that `share` of the values do not exceed (nearest rank); NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** Latency of an operation as the client sees it, in milliseconds, including retries. */
export function waitMs(operation: Operation): number {
  return operation.endMs - operation.startMs
}
