export interface BackoffLimits {
  readonly baseMs: number
  readonly maxMs: number
}

/**
 * How long to wait before retry number `retry` (0 is the first): exponential with full jitter, so that callers that failed
 * together do not come back together.
 */
export function backoffMs(
  { baseMs, maxMs }: BackoffLimits,
  retry: number,
  random: () => number = Math.random,
): number {
  return Math.round(random() * Math.min(maxMs, baseMs * 2 ** retry))
}
