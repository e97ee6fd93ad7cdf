/** Calls back once, at or soon after the time asked for last. Early is allowed: the caller looks at the clock. */
export interface Waker {
  /** `deadlineMs` is on `performance.now()`'s clock. A later call replaces an earlier one. */
  wakeAt(deadlineMs: number): void
  close(): void
}

/** Plain timers of the event loop: right to a millisecond, and up to one early, hence another turn. */
export function createWaker(wake: () => void): Waker {
  let timer: NodeJS.Timeout | undefined
  return {
    wakeAt: (deadlineMs) => {
      clearTimeout(timer)
      timer = setTimeout(wake, Math.max(0, deadlineMs - performance.now()))
    },
    close: () => clearTimeout(timer),
  }
}
