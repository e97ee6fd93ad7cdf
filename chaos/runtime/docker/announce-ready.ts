import type { Clock } from '#chaos/lib/clock.ts'

import type { IsReady } from './readiness.ts'
import type { Tracker } from './tracker.ts'

export interface AnnounceReadyParts {
  readonly tracker: Tracker
  readonly isReady: IsReady
  readonly clock: Clock
  /** Ends every wait. */
  readonly signal: AbortSignal
}

const pollMs = 200

/**
 * Announces that an instance is ready when the engine has started it without a request: by its restart policy, or because a user
 * gave a Docker command. A request announces it itself. Until the signal aborts.
 */
export function announceReady({ tracker, isReady, clock, signal }: AnnounceReadyParts): void {
  const latest = new Map<string, object>()
  const wait = async (instance: string, start: object): Promise<void> => {
    // A later event, such as its death, ends this wait.
    while (latest.get(instance) === start) {
      if (await isReady(instance)) {
        if (latest.get(instance) === start) tracker.ready(instance, 'itself')
        return
      }
      await clock.sleep(pollMs, signal)
    }
  }
  const stop = tracker.onInstance((event) => {
    latest.set(event.instance, event)
    if (event.state !== 'starting' || !tracker.of(event.instance).startedUnasked) return
    // It rejects only when the signal aborts.
    wait(event.instance, event).catch(() => undefined)
  })
  signal.addEventListener('abort', stop, { once: true })
}
