export interface Breaker {
  /** True if a call may be made now. While open, one call in each `openMs` is let through to try. */
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

/** Stops calling what does not answer: it gets room to recover, and callers get their answer at once. */
export function createBreaker(limits: BreakerLimits, now: () => number): Breaker {
  let failures = 0
  let tryAgainAtMs = 0
  const isOpen = (): boolean => failures >= limits.failuresMax
  return {
    allows() {
      if (!isOpen()) return true
      if (now() < tryAgainAtMs) return false
      // This call is the probe. The next one has to wait for what it finds.
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
