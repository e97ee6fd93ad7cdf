import { performance } from 'node:perf_hooks'

import type { Log } from './log.ts'

const intervalMs = 500
/** As long as a client waits for an attempt: shorter blocks do not matter to it. */
const blockedFromMs = 1_000

/**
 * Logs each time that code blocked the event loop of this process for a second or more: it worked,
 * or waited, without returning to the loop. Disposing ends it.
 */
export function watchEventLoop(log: Log): Disposable {
  const blockedSince = createBlockMeter(intervalMs, {
    nowMs: () => performance.now(),
    activeMs: () => performance.eventLoopUtilization().active,
  })
  const timer = setInterval(() => {
    const blockedMs = blockedSince()
    if (blockedMs >= blockedFromMs) log.warn({ blockedMs }, 'event loop blocked')
  }, intervalMs)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/**
 * How late each call comes, in milliseconds, when it should come every `everyMs`. A call that is late
 * while the event loop was idle counts as 0: then the whole process was stopped.
 */
export function createBlockMeter(
  everyMs: number,
  time: {
    nowMs(): number
    /** The time that the event loop has worked since the start. */
    activeMs(): number
  },
): () => number {
  let beforeMs = time.nowMs()
  let activeBeforeMs = time.activeMs()
  return () => {
    const [nowMs, activeMs] = [time.nowMs(), time.activeMs()]
    const lateMs = Math.max(0, Math.round(nowMs - beforeMs - everyMs))
    const workedMs = activeMs - activeBeforeMs
    beforeMs = nowMs
    activeBeforeMs = activeMs
    return workedMs >= lateMs / 2 ? lateMs : 0
  }
}
