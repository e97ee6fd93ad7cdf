import type { Clock } from '#chaos/lib/clock.ts'

/** A clock that advances only when a test calls `advance`. */
export interface ManualClock extends Clock {
  /** Advances the time. Resolves every `sleep` that is due by then, in order, and lets the code after it run. */
  advance(byMs: number): Promise<void>
}

interface Sleeper {
  readonly atMs: number
  readonly wake: () => void
}

const epochMs = Date.UTC(2026, 0, 1)

export function createManualClock(): ManualClock {
  const sleepers = new Set<Sleeper>()
  let nowMs = 0
  return {
    now: () => nowMs,
    wallTimeMs: () => epochMs + nowMs,
    sleep: (delayMs, signal) => sleepUntil(sleepers, nowMs + delayMs, signal),
    advance: async (byMs) => {
      const untilMs = nowMs + byMs
      for (;;) {
        await settle()
        const [next] = [...sleepers].toSorted((a, b) => a.atMs - b.atMs)
        if (next === undefined || next.atMs > untilMs) break
        nowMs = Math.max(nowMs, next.atMs)
        sleepers.delete(next)
        next.wake()
      }
      nowMs = untilMs
      await settle()
    },
  }
}

function sleepUntil(sleepers: Set<Sleeper>, atMs: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const sleeper = { atMs, wake: resolve }
  const abort = (): void => {
    sleepers.delete(sleeper)
    reject(new DOMException('The operation was aborted', 'AbortError'))
  }
  if (signal?.aborted === true) abort()
  else {
    sleepers.add(sleeper)
    signal?.addEventListener('abort', abort, { once: true })
  }
  return promise
}

/** Lets everything run that is already pending. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
}
