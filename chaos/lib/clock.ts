import { setTimeout as sleep } from 'node:timers/promises'

/** Time as an argument: tests pass a manual clock, so no test waits for real seconds. */
export interface Clock {
  /** Monotonic milliseconds with a fraction; only differences have a meaning. */
  now(): number
  /** Milliseconds since 1970, for users and files. */
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

/** Milliseconds on the monotonic clock that all processes of this machine share. */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
