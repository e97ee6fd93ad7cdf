import type { HealReport } from '#chaos/contracts/api.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { messageOf } from '#chaos/lib/errors.ts'

/** One thing to heal. */
export interface HealTask {
  readonly what: string
  /** Instances, stores or links. */
  readonly targets: readonly string[]
  /** Whether there was something to heal, or what else is to heal. */
  run(): Promise<boolean | readonly HealTask[]>
}

/** The tasks of one stage run in parallel. */
export type HealStage = () => readonly HealTask[]

export interface HealLimits {
  readonly clock: Clock
  /** The deadline of all stages together. */
  readonly limitMs: number
  /** Instances that are starting or stopping: at the deadline the report lists them as `starting`. */
  readonly changing?: () => readonly string[]
}

interface Attempt {
  readonly task: HealTask
  readonly ended: Promise<void>
  outcome: 'pending' | 'healed' | 'nothing' | { readonly error: string }
}

/** A task that hangs delays the next stage by this part of the limit at most. */
const stageShare = 1 / 6

/**
 * Runs one stage after the other. Continues after errors and never waits beyond the deadline: the report says what is not
 * healed by then. Its attempt continues.
 */
export async function healInStages(
  stages: readonly HealStage[],
  limits: HealLimits,
): Promise<HealReport> {
  const { clock, limitMs } = limits
  const attempts: Attempt[] = []
  const over = new AbortController()
  const after = async (delayMs: number): Promise<void> =>
    clock.sleep(delayMs, over.signal).catch(() => undefined)
  const deadline = after(limitMs)
  try {
    for (const stage of stages) {
      const ended = Promise.all(stage().map((task) => begin(task, attempts)))
      await Promise.race([ended, after(limitMs * stageShare)])
    }
    await Promise.race([Promise.all(attempts.map(({ ended }) => ended)), deadline])
  } finally {
    over.abort()
  }
  return reportOf(attempts, limits)
}

/** Starts the task. Resolves when it, and what it has found to heal, has ended. */
async function begin(task: HealTask, attempts: Attempt[]): Promise<void> {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const attempt: Attempt = { task, ended, outcome: 'pending' }
  attempts.push(attempt)
  try {
    const result = await task.run()
    attempt.outcome = result === true ? 'healed' : 'nothing'
    if (typeof result !== 'boolean') await Promise.all(result.map((more) => begin(more, attempts)))
  } catch (error) {
    attempt.outcome = { error: messageOf(error) }
  }
  resolve()
}

function reportOf(attempts: readonly Attempt[], { limitMs, changing }: HealLimits): HealReport {
  const undone: string[] = []
  const couldNotUndo: { what: string; error: string }[] = []
  const starting = new Set<string>()
  const nowChanging = new Set(changing?.())
  for (const { task, outcome } of attempts) {
    const { what, targets } = task
    if (outcome === 'nothing') continue
    if (outcome === 'healed') undone.push(what)
    else if (outcome !== 'pending') couldNotUndo.push({ what, error: outcome.error })
    else {
      const names = targets.filter((name) => nowChanging.has(name))
      for (const name of names) starting.add(name)
      const error = `It is not healed after ${formatDuration(limitMs)}. The attempt continues.`
      if (names.length === 0) couldNotUndo.push({ what, error })
    }
  }
  return {
    undone,
    couldNotUndo,
    ...(starting.size === 0 ? {} : { starting: [...starting].toSorted() }),
  }
}
