import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'

/** When the steps of the method may fire. */
export interface MethodTime {
  /** Clock reading at the start of the load. */
  readonly startMs: number
  /** The longest time that the load may last. */
  readonly durationMs: number
  /** Aborts when the load ends. */
  readonly over: AbortSignal
  /** Aborts when the run is aborted. */
  readonly signal: AbortSignal
  /** From the seed of the run: for the random choices of the faults. */
  readonly random: Random
}

/** Added to the end of the load: a lease must outlast the heal phase, and it ends even if the controller dies. */
export const leaseMarginMs = 15_000

/** Milliseconds from now until the heal, with a margin. */
export function leaseFor(time: MethodTime, clock: Clock): number {
  return Math.ceil(time.startMs + time.durationMs - clock.now() + leaseMarginMs)
}

/** Waits until `atMs` after the start of the load. Returns false if the load ends earlier. */
export async function waitFor(atMs: number, time: MethodTime, clock: Clock): Promise<boolean> {
  try {
    await clock.sleep(Math.max(0, time.startMs + atMs - clock.now()), time.over)
    return true
  } catch {
    return false
  }
}
