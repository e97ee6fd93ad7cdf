import { systemClock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { openMemory } from './memory.ts'
import type { Memory, Round } from './memory.ts'
import { createShared } from './shared.ts'
import { summaryTable } from './summary-table.ts'
import type { Task, TaskContext } from './task.ts'
import { tasks } from './tasks/tasks.ts'

export interface VerifyOptions {
  /** Prefixes of names; none: all. */
  readonly only: readonly string[]
  readonly times: number | undefined
  /** Of a soak. */
  readonly minutes?: number | undefined
  readonly again: boolean
  readonly listOnly: boolean
  /** How many tasks that do not mind run at the same moment. */
  readonly jobs: number
}

const timesDefault = 10

/** A task, and how its rounds came out. */
export interface Row {
  readonly task: Task
  readonly rounds: readonly Round[]
  readonly times: number
}

export interface Verified {
  /** 0 when every round came out as expected. */
  readonly status: number
  readonly rows: readonly Row[]
}

/** Runs what has not been run with these sources yet. */
export async function runVerify(options: VerifyOptions): Promise<Verified> {
  const chosen = tasks.filter(
    ({ name }) =>
      options.only.length === 0 || options.only.some((prefix) => name.startsWith(prefix)),
  )
  if (chosen.length === 0) {
    console.error(`No task is called ${options.only.join(', ')}. See: npm run verify -- --list`)
    return { status: 3, rows: [] }
  }
  const memory = await openMemory()
  if (options.again) for (const { name } of chosen) memory.forget(name)
  const taskOptions = options.minutes === undefined ? {} : { minutes: options.minutes }
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
    await runAll(planned, {
      memory,
      jobs: options.jobs,
      context: { ...taskOptions, signal: ended.signal },
    })
  const rows = planned.map(({ task, times, hash }) => ({
    task,
    times,
    rounds: memory.rounds(task.name, hash).slice(0, times),
  }))
  console.log(`\n${summaryTable(rows)}`)
  if (ended.signal.aborted) console.log('\nInterrupted; the next call goes on from here.')
  const good = rows.every(
    ({ rounds, times }) => rounds.length === times && rounds.every(({ ok }) => ok),
  )
  return { status: good || options.listOnly ? 0 : 1, rows }
}

interface Planned {
  readonly task: Task
  readonly times: number
  readonly hash: string
}

/** What can stand company first, `jobs` at a time, each with what it shares of its own; then the others, one by one. */
async function runAll(
  planned: readonly Planned[],
  {
    memory,
    jobs,
    context,
  }: {
    readonly memory: Memory
    readonly jobs: number
    readonly context: Omit<TaskContext, 'round' | 'shared'>
  },
): Promise<void> {
  const together = planned.filter(({ task }) => task.sideBySide === true)
  const alone = planned.filter(({ task }) => task.sideBySide !== true)
  const workThrough = async (queue: Planned[]): Promise<void> => {
    await using shared = createShared()
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      await runTask(next, memory, { ...context, shared })
  }
  await Promise.all(Array.from({ length: jobs }, () => workThrough(together)))
  await workThrough(alone)
}

async function runTask(
  { task, hash, times }: Planned,
  memory: Memory,
  context: Omit<TaskContext, 'round'>,
): Promise<void> {
  for (let round = memory.rounds(task.name, hash).length; round < times; round++) {
    if (context.signal.aborted) return
    const startedAt = systemClock.now()
    const result = await task.run({ ...context, round }).catch((error: unknown) => ({
      ok: false,
      detail: messageOf(error),
    }))
    // A round that was interrupted says nothing.
    if (context.signal.aborted) return
    const seconds = Number(((systemClock.now() - startedAt) / 1_000).toFixed(1))
    const at = new Date(systemClock.wallTimeMs()).toISOString()
    await memory.add(task.name, hash, { ...result, seconds, at })
    const sign = result.ok ? 'ok  ' : 'FAIL'
    console.log(`${sign}  ${task.name}  ${round + 1} of ${times}  ${seconds} s  ${result.detail}`)
  }
}
