import type { AnyFault } from '#chaos/faults/index.ts'

/** A part of a soak: one run, judged at its end. */
export interface SoakWindow {
  readonly durationMs: number
  /** The kinds that are injected. */
  readonly kinds: readonly AnyFault[]
  readonly what: string
}

const windows = { atLeast: 2, longestMs: 600_000 }
/** Preparation, steady state, recovery and checks of a run. */
const besidesMs = 15_000

/**
 * Runs that fill this time. In every second run no process is restarted by a fault, so the processes live for the whole run
 * and their memory can be judged.
 */
export function planWindows(totalMs: number, kinds: readonly AnyFault[]): readonly SoakWindow[] {
  const count = Math.max(windows.atLeast, 2 * Math.ceil(totalMs / windows.longestMs / 2))
  const durationMs = Math.max(20_000, Math.round(totalMs / count) - besidesMs)
  const lasting = kinds.filter(({ target }) => target !== 'instance')
  return Array.from({ length: count }, (_, i) =>
    i % 2 === 0
      ? { durationMs, kinds, what: 'every kind' }
      : { durationMs, kinds: lasting, what: 'links and stores' },
  )
}
