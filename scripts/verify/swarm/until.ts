import { systemClock } from '#chaos/lib/clock.ts'

const everyMs = 250

/** Resolves with the milliseconds until `isSo` was true. Rejects after `withinMs`, and when the signal aborts. */
export async function until(
  isSo: () => Promise<boolean>,
  withinMs: number,
  signal: AbortSignal,
): Promise<number> {
  const from = systemClock.now()
  while (!(await isSo())) {
    signal.throwIfAborted()
    if (systemClock.now() - from > withinMs)
      throw new Error(`It was not so within ${withinMs / 1_000} s.`)
    await systemClock.sleep(everyMs, signal)
  }
  return systemClock.now() - from
}
