import type { Timers } from './timers.ts'

/** How late the timers of this process run. */
export interface TimerLateness {
  /** The longest delay since the previous read, in milliseconds. NaN: the measurement begins with this read. */
  readMaxMs(): number
}

const everyMs = 100
/** After the last read. */
const keptForMs = 60_000

/** Measures with timers of its own, only while a client reads the result: an idle process sleeps. */
export function measureTimerLateness(timers: Timers): TimerLateness {
  let maxMs = Number.NaN
  let untilMs = -Infinity
  let isRunning = false
  const next = (): void => {
    isRunning = timers.now() < untilMs
    if (!isRunning) {
      maxMs = Number.NaN
      return
    }
    const dueMs = timers.now() + everyMs
    timers.at(dueMs, () => {
      maxMs = Math.max(maxMs, timers.now() - dueMs)
      next()
    })
  }
  return {
    readMaxMs() {
      const seenMs = maxMs
      maxMs = 0
      untilMs = timers.now() + keptForMs
      if (!isRunning) next()
      return seenMs
    },
  }
}
