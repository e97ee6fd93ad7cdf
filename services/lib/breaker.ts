export interface Breaker {
  /**
   * True if a call may be made now. While open, the breaker lets one call through in each `openMs`
   * as a probe.
   */
  allows(): boolean
  succeeded(): void
  failed(): void
  readonly state: 'closed' | 'open'
}

export interface BreakerLimits {
  /** Opens after this many failures in a row. */
  readonly failuresMax: number
  readonly openMs: number
}

/**
 * Stops calls to a dependency that does not respond. The dependency can recover, and callers fail
 * fast.
 */
export function createBreaker(limits: BreakerLimits, now: () => number): Breaker {
  let failures = 0
  let tryAgainAtMs = 0
  const isOpen = (): boolean => failures >= limits.failuresMax
  return {
    allows() {
      if (!isOpen()) return true
      if (now() < tryAgainAtMs) return false
      // This call is the probe. The next one must wait for its result.
      tryAgainAtMs = now() + limits.openMs
      return true
    },
    succeeded() {
      failures = 0
    },
    failed() {
      failures += 1
      if (isOpen()) tryAgainAtMs = now() + limits.openMs
    },
    get state() {
      return isOpen() ? 'open' : 'closed'
    },
  }
}
