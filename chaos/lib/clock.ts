import { setTimeout as sleep } from 'node:timers/promises'

/** Time as an argument: tests pass their own, so that nothing waits for real seconds. */
export interface Clock {
  /** Monotonic milliseconds with a fraction; only differences mean something. */
  now(): number
  /** Milliseconds since 1970, for people and files. */
  wallTimeMs(): number
  /** Resolves after `delayMs`; rejects with an AbortError when the signal aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTimeMs: () => Date.now(),
  sleep: async (delayMs, signal) => {
    await sleep(delayMs, undefined, signal ? { signal } : {})
  },
}
