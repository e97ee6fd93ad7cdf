import type { InstanceEvent } from '#chaos/contracts/runtime.ts'
import type { SupervisorSetup } from '#chaos/contracts/scenario.ts'
import type { Clock } from '#chaos/lib/clock.ts'

type Delays = Pick<SupervisorSetup, 'restartDelayMs' | 'restartDelayMaxMs'>

/** Restarts of one instance since it was last ready for a while. */
interface Streak {
  restarts: number
  /** Clock reading at which the instance became ready. Undefined: not since its last start. */
  readyAtMs: number | undefined
}

/** An instance that was ready for this many times the longest delay has recovered. The kubelet: 10 minutes, with at most 5. */
const recoveredAfter = 2

/**
 * The crash-loop back-off: the delay before a restart doubles with each restart of the same instance, up to a limit. It
 * begins again after the instance was ready for twice the longest delay, or when a user or a scenario starts it.
 */
export function createRestartBackOff(clock: Pick<Clock, 'now'>) {
  const streaks = new Map<string, Streak>()
  return {
    onInstance({ instance, state, by }: InstanceEvent, setup: Delays | undefined): void {
      const streak = streaks.get(instance)
      if (streak === undefined) return
      if (state === 'ready') streak.readyAtMs ??= clock.now()
      if (state === 'starting' && (by === 'user' || by === 'scenario')) streaks.delete(instance)
      if (state !== 'exited' && state !== 'absent') return
      const readyMs = streak.readyAtMs === undefined ? 0 : clock.now() - streak.readyAtMs
      streak.readyAtMs = undefined
      if (setup !== undefined && readyMs >= recoveredAfter * longestDelayMs(setup))
        streaks.delete(instance)
    },
    /** The delay before the next restart, and the number of restarts in a row before it. */
    next(instance: string, setup: Delays): { readonly restarts: number; readonly delayMs: number } {
      const restarts = streaks.get(instance)?.restarts ?? 0
      const delayMs = Math.min(setup.restartDelayMs * 2 ** restarts, longestDelayMs(setup))
      return { restarts, delayMs }
    },
    restarted(instance: string): void {
      const restarts = (streaks.get(instance)?.restarts ?? 0) + 1
      streaks.set(instance, { restarts, readyAtMs: undefined })
    },
  }
}

/** A first delay above the limit stays as it is. */
function longestDelayMs({ restartDelayMs, restartDelayMaxMs }: Delays): number {
  return Math.max(restartDelayMs, restartDelayMaxMs)
}
