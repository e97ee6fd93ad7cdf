import type { Clock } from '#chaos/lib/clock.ts'

/** Resolves when the promise resolves, at the latest after the limit; rejects when the promise rejects before. */
export async function within(
  limitMs: number,
  promise: Promise<unknown>,
  clock: Clock,
): Promise<void> {
  const timer = new AbortController()
  const timeout = clock.sleep(limitMs, timer.signal).catch(() => undefined)
  await Promise.race([promise, timeout])
  timer.abort()
}
