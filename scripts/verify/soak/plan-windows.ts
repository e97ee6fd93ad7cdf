import type { AnyFault } from '#chaos/faults/index.ts'

/** A part of a soak: one run, judged at its end. */
export interface SoakWindow {
  readonly durationMs: number
  /** The kinds that are injected. */
  readonly kinds: readonly AnyFault[]
  /** Only faults that may break a promise. */
  readonly limited: boolean
  readonly what: string
}

const windows = { atLeast: 2, shortestMs: 20_000, longestMs: 600_000 }
/** Preparation, steady state, recovery and checks of a run. */
const besidesMs = 15_000

/** How long the part takes in which the system may break promises. */
const limitedMs = 60_000

/**
 * Runs that fill this time. In every second run no process is restarted by a fault, so the processes live for the whole run
 * and their memory can be judged. The last run has the faults under which the system may break a promise.
 */
export function planWindows(totalMs: number, kinds: readonly AnyFault[]): readonly SoakWindow[] {
  const ownMs = Math.min(limitedMs, totalMs / 5)
  const restMs = totalMs - ownMs
  const count = Math.max(windows.atLeast, 2 * Math.ceil(restMs / windows.longestMs / 2))
  const durationMs = Math.max(windows.shortestMs, Math.round(restMs / count) - besidesMs)
  const lasting = kinds.filter(({ target }) => target !== 'instance')
  const strict = Array.from({ length: count }, (_, i) =>
    i % 2 === 0
      ? { durationMs, kinds, limited: false, what: 'every kind' }
      : { durationMs, kinds: lasting, limited: false, what: 'links and stores' },
  )
  const own = { durationMs: ownMs, kinds, limited: true, what: 'what the docs name' }
  return [...strict, own]
}
