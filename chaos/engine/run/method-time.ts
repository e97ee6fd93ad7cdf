import type { Clock } from '#chaos/lib/clock.ts'

/** The time of the faults: when the load began, and until when steps may fire. */
export interface MethodTime {
  /** Clock reading. */
  readonly startMs: number
  /** At most. */
  readonly durationMs: number
  /** Aborts when the load is over. */
  readonly over: AbortSignal
  /** Aborts when the whole run does. */
  readonly signal: AbortSignal
}

/** Beyond the end of the load: healing takes a while, and a lease is the net under it. */
const leaseSlackMs = 15_000

/** Until the heal, with a margin. */
export function leaseFor(time: MethodTime, clock: Clock): number {
  return Math.ceil(time.startMs + time.durationMs - clock.now() + leaseSlackMs)
}

/** Waits until `atMs` after the begin of the load; false when the load is over before. */
export async function waitFor(atMs: number, time: MethodTime, clock: Clock): Promise<boolean> {
  try {
    await clock.sleep(Math.max(0, time.startMs + atMs - clock.now()), time.over)
    return true
  } catch {
    return false
  }
}
