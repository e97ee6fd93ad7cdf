import type { Timers } from '../time/timers.ts'

export interface ManualTimers extends Timers {
  /** Moves the time forward, and runs the timers that become due, in order. */
  advance(ms: number): void
}

/** A clock that moves only when a test calls `advance`. */
export function createManualTimers(): ManualTimers {
  let nowMs = 0
  let waiting: { dueMs: number; run: () => void }[] = []
  return {
    now: () => nowMs,
    at: (dueMs, run) => {
      const entry = { dueMs, run }
      waiting.push(entry)
      return {
        cancel: () => {
          waiting = waiting.filter((other) => other !== entry)
        },
      }
    },
    advance: (ms) => {
      const endMs = nowMs + ms
      for (;;) {
        const next = waiting.toSorted((a, b) => a.dueMs - b.dueMs)[0]
        if (next === undefined || next.dueMs > endMs) break
        waiting = waiting.filter((other) => other !== next)
        nowMs = Math.max(nowMs, next.dueMs)
        next.run()
      }
      nowMs = endMs
    },
  }
}
