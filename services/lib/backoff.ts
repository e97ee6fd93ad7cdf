export interface BackoffLimits {
  readonly baseMs: number
  readonly maxMs: number
}

/**
 * How long to wait before retry number `retry` (0 is the first). Exponential with full jitter, so
 * callers that failed together do not retry together.
 */
export function backoffMs(
  { baseMs, maxMs }: BackoffLimits,
  retry: number,
  random: () => number = Math.random,
): number {
  return Math.round(random() * Math.min(maxMs, baseMs * 2 ** retry))
}
