import type { Clock } from '#chaos/lib/clock.ts'
import type { IsReady } from '#chaos/runtime/docker/readiness.ts'
import type { Tracker } from '#chaos/runtime/docker/tracker.ts'
import { startMaxMs } from '#chaos/runtime/start-deadline.ts'

const pollMs = 100

/**
 * Reports an instance as ready that the engine or a user has started: no request of ours waits for it. Without this, whatever waits for
 * the end of a crash would wait forever.
 */
export function announceReady(parts: {
  readonly tracker: Tracker
  readonly isReady: IsReady
  readonly clock: Clock
  readonly signal: AbortSignal
}): void {
  const { tracker, isReady, clock, signal } = parts
  const waiting = new Set<string>()
  const follow = async (instance: string): Promise<void> => {
    const untilMs = clock.now() + startMaxMs
    // It ends or becomes ready by a request: that one reports it.
    while (tracker.of(instance).owesReady && clock.now() < untilMs) {
      if (await isReady(instance)) {
        if (tracker.of(instance).owesReady) tracker.ready(instance, 'itself')
        return
      }
      await clock.sleep(pollMs, signal)
    }
  }
  const stop = tracker.onInstance(({ instance, state }) => {
    if (state !== 'starting' || !tracker.of(instance).owesReady || waiting.has(instance)) return
    waiting.add(instance)
    void follow(instance)
      .catch(() => undefined)
      .finally(() => waiting.delete(instance))
  })
  signal.addEventListener('abort', stop, { once: true })
}
