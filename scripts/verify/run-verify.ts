import { systemClock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { openPastRounds } from './past-rounds.ts'
import type { PastRounds, Round } from './past-rounds.ts'
import type { PublicProject } from './public/public-projects.ts'
import { createSharedResources } from './shared-resources.ts'
import { summaryTable } from './summary-table.ts'
import type { Task, TaskContext } from './task.ts'
import { allTasks } from './tasks/tasks.ts'

export interface VerifyOptions {
  /** Prefixes of task names. Empty: all tasks. */
  readonly only: readonly string[]
  readonly times: number | undefined
  /** Of a soak. */
  readonly minutes?: number | undefined
  /** Of a soak's random faults. */
  readonly seed?: number | undefined
  /** Local copies of public projects, for the tasks that adopt them. Default: none. */
  readonly projects?: readonly PublicProject[]
  readonly again: boolean
  readonly listOnly: boolean
  /** How many tasks with `sideBySide` run at the same time. */
  readonly jobs: number
}

const timesDefault = 10

/** A task and its rounds. */
export interface Row {
  readonly task: Task
  readonly rounds: readonly Round[]
  readonly times: number
}

export interface Verified {
  /** 0 if every round had the expected result. */
  readonly status: number
  readonly rows: readonly Row[]
}

/** Runs the rounds that have not run with the current sources. */
export async function runVerify(options: VerifyOptions): Promise<Verified> {
  const chosen = allTasks(options.projects ?? []).filter(
    ({ name }) =>
      options.only.length === 0 || options.only.some((prefix) => name.startsWith(prefix)),
  )
  if (chosen.length === 0) {
    console.error(
      `No task's name starts with ${options.only.join(', ')}. List all: npm run verify -- --list`,
    )
    return { status: 3, rows: [] }
  }
  const missing = chosen.filter(({ needs }) => needs !== undefined)
  for (const { name, needs } of missing) console.error(`${name} does not run: it needs ${needs}`)
  if (missing.length === chosen.length && !options.listOnly) return { status: 3, rows: [] }
  const past = await openPastRounds()
  if (options.again) for (const { name } of chosen) past.forget(name)
  const { minutes, seed } = options
  const taskOptions = {
    ...(minutes === undefined ? {} : { minutes }),
    ...(seed === undefined ? {} : { seed }),
  }
  const ended = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => ended.abort(new Error(signal)))
  const planned: Planned[] = []
  for (const task of chosen)
    planned.push({
      task,
      times: options.times ?? task.times ?? timesDefault,
      hash: await task.hash(taskOptions),
    })
  if (!options.listOnly)
    await runAll(
      planned.filter(({ task }) => task.needs === undefined),
      {
        past,
        jobs: options.jobs,
        context: { ...taskOptions, signal: ended.signal },
      },
    )
  const rows = planned.map(({ task, times, hash }) => ({
    task,
    times,
    rounds: past.rounds(task.name, hash).slice(0, times),
  }))
  console.log(`\n${summaryTable(rows)}`)
  if (ended.signal.aborted) console.log('\nInterrupted. Run the command again to continue.')
  const good = rows.every(
    ({ task, rounds, times }) =>
      task.needs !== undefined || (rounds.length === times && rounds.every(({ ok }) => ok)),
  )
  return { status: good || options.listOnly ? 0 : 1, rows }
}

interface Planned {
  readonly task: Task
  readonly times: number
  readonly hash: string
}

/**
 * Runs the tasks with `sideBySide` first, `jobs` at a time, each job with its own shared resources. Then it runs the
 * others one by one.
 */
async function runAll(
  planned: readonly Planned[],
  {
    past,
    jobs,
    context,
  }: {
    readonly past: PastRounds
    readonly jobs: number
    readonly context: Omit<TaskContext, 'round' | 'shared'>
  },
): Promise<void> {
  const together = planned.filter(({ task }) => task.sideBySide === true)
  const alone = planned.filter(({ task }) => task.sideBySide !== true)
  const workThrough = async (queue: Planned[]): Promise<void> => {
    await using shared = createSharedResources()
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      await runTask(next, past, { ...context, shared })
  }
  await Promise.all(Array.from({ length: jobs }, () => workThrough(together)))
  await workThrough(alone)
}

async function runTask(
  { task, hash, times }: Planned,
  past: PastRounds,
  context: Omit<TaskContext, 'round'>,
): Promise<void> {
  for (let round = past.rounds(task.name, hash).length; round < times; round++) {
    if (context.signal.aborted) return
    const startedAt = systemClock.now()
    const result = await task.run({ ...context, round }).catch((error: unknown) => ({
      ok: false,
      detail: messageOf(error),
    }))
    // An interrupted round has no result.
    if (context.signal.aborted) return
    const seconds = Number(((systemClock.now() - startedAt) / 1_000).toFixed(1))
    const at = new Date(systemClock.wallTimeMs()).toISOString()
    await past.add(task.name, hash, { ...result, seconds, at })
    const sign = result.ok ? 'ok  ' : 'FAIL'
    console.log(`${sign}  ${task.name}  ${round + 1} of ${times}  ${seconds} s  ${result.detail}`)
  }
}
