import type { Clock } from '#chaos/lib/clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

/** What a process that starts has done so far. */
export interface StartProgress {
  /** Processor time. Absent: not known. */
  readonly cpuMs?: number
  /** Length of its output. Absent: not known. */
  readonly outputBytes?: number
}

/** A start that has no progress for this long never ends. */
const withoutProgressMs = 30_000
/** The longest wait for a step of a start that has progress. On a busy machine a step that takes a second takes minutes. */
export const startMaxMs = 180_000
/** Less processor time than this is not progress: a process that only waits has timers too. */
const progressCpuMs = 100
/** How often the progress is read. */
export const sampleEveryMs = 1_000

/** An instance runs and did not become ready. Its code or a busy machine is the cause. */
export class StartTimeout extends Error {
  override readonly name = 'StartTimeout'
}

/**
 * The deadline of a start: it moves while the process makes progress. `check` throws a {@link StartTimeout} when the deadline
 * has passed. It reads the progress at most once a second.
 */
export function createStartDeadline(parts: {
  readonly instance: string
  readonly clock: Clock
  readonly progress: () => Promise<StartProgress>
}): { check(): Promise<void> } {
  const { instance, clock, progress } = parts
  const startMs = clock.now()
  let sampledAtMs = startMs
  let progressAtMs = startMs
  let seen: StartProgress | undefined
  return {
    async check() {
      if (clock.now() - sampledAtMs < sampleEveryMs) return
      sampledAtMs = clock.now()
      const now = await progress().catch((): StartProgress => ({}))
      if (seen === undefined || hasProgress(seen, now)) {
        seen = now
        progressAtMs = sampledAtMs
      }
      if (sampledAtMs - startMs >= startMaxMs)
        throw new StartTimeout(
          `${instance} is not ready after ${formatDuration(startMaxMs)}, although it works all the time. Close other programs, or find out what it does: unhappy logs ${instance}`,
        )
      if (sampledAtMs - progressAtMs >= withoutProgressMs)
        throw new StartTimeout(
          `${instance} runs but is not ready after ${Math.round((sampledAtMs - startMs) / 1_000)} s: for ${formatDuration(withoutProgressMs)} it has done nothing and printed nothing. Find out what it waits for: unhappy logs ${instance}`,
        )
    },
  }
}

function hasProgress(before: StartProgress, now: StartProgress): boolean {
  const worked = (now.cpuMs ?? 0) - (before.cpuMs ?? 0)
  // A process that was restarted counts from 0.
  return (
    worked >= progressCpuMs || worked < 0 || (now.outputBytes ?? 0) !== (before.outputBytes ?? 0)
  )
}
