import type { Clock } from '#chaos/lib/clock.ts'

import {
  carriesMark,
  listCommands,
  listProcesses,
  type Mark,
  type ProcessEntry,
} from './list-processes.ts'

/** How to find every process of an instance, even if its children detach. */
export interface ProcessTree {
  /**
   * The process that was started; its descendants, its group and its session belong to the tree.
   */
  readonly root?: number
  /** Finds processes whose parents are dead, so no chain of parents leads from the root to them. */
  readonly mark?: Mark
  /**
   * Start time of the root. An older process is not part of the tree, whatever its environment
   * contains (Linux).
   */
  readonly startedTicks?: number
}

const pollMs = 3
const givesUpAfterMs = 10_000

/**
 * The running processes of the tree. A dead parent has no link to its children, so `known`
 * processes are matched by their own keys.
 */
export async function findTree(
  query: ProcessTree,
  known: ReadonlySet<string> = new Set(),
): Promise<ProcessEntry[]> {
  const { root, mark, startedTicks = 0 } = query
  const [entries, commands] = await Promise.all([
    listProcesses(),
    mark === undefined ? undefined : listCommands(),
  ])
  const members = new Set<number>()
  for (const entry of entries) {
    if (entry.pid === process.pid || entry.pid === 1) continue
    const started = root !== undefined && [entry.pid, entry.group, entry.session].includes(root)
    const older = Number(entry.startedKey) < startedTicks
    const marked = !older && mark !== undefined && carriesMark(entry, mark, commands)
    if (started || marked || known.has(keyOf(entry))) members.add(entry.pid)
  }
  addDescendants(entries, members)
  return entries.filter((entry) => members.has(entry.pid) && !entry.zombie)
}

/**
 * Freezes the tree and returns when every process of it has stopped. Stopping the root alone is not
 * enough: Postgres answers from its backends. A process may also fork between the listing and the
 * signal, so this repeats until no process runs.
 */
export async function pauseTree(query: ProcessTree, clock: Clock): Promise<number> {
  return await until(clock, 'stop', async () => {
    const tree = await findTree(query)
    const running = tree.filter((entry) => !entry.stopped)
    signalAll(running, 'SIGSTOP')
    // After vfork, a parent cannot stop before its child runs another program, and a stopped child never does.
    const waiting = new Set(running.filter((entry) => entry.uninterruptible).map(({ pid }) => pid))
    signalAll(
      tree.filter((entry) => entry.stopped && waiting.has(entry.ppid)),
      'SIGCONT',
    )
    return running.length === 0 ? tree.length : 'later'
  })
}

/** Continues every process of the tree. */
export async function resumeTree(query: ProcessTree, clock: Clock): Promise<number> {
  return await until(clock, 'continue', async () => {
    const tree = await findTree(query)
    const stopped = tree.filter((entry) => entry.stopped)
    signalAll(stopped, 'SIGCONT')
    return stopped.length === 0 ? tree.length : 'later'
  })
}

/**
 * Kills the tree and returns when nothing of it is left. Returns the number of killed processes.
 */
export async function killTree(query: ProcessTree, clock: Clock): Promise<number> {
  const known = new Set<string>()
  return await until(clock, 'die', async () => {
    const tree = await findTree(query, known)
    const newcomers = tree.filter((entry) => !known.has(keyOf(entry)))
    // First it freezes processes until no new one appears: a frozen process cannot fork while the
    // others are killed.
    signalAll(newcomers, 'SIGSTOP')
    for (const entry of newcomers) known.add(keyOf(entry))
    if (newcomers.length > 0) return 'again'
    signalAll(tree, 'SIGKILL')
    return tree.length === 0 ? known.size : 'later'
  })
}

function addDescendants(entries: readonly ProcessEntry[], members: Set<number>): void {
  let grown = members.size > 0
  while (grown) {
    grown = false
    for (const entry of entries) {
      if (members.has(entry.pid) || !members.has(entry.ppid)) continue
      members.add(entry.pid)
      grown = true
    }
  }
}

function signalAll(entries: readonly ProcessEntry[], signal: NodeJS.Signals): void {
  for (const { pid } of entries) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      // ESRCH: the process is gone. EPERM: the signal is not allowed, and the time limit reports
      // it.
      if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
}

async function until(
  clock: Clock,
  verb: string,
  look: () => Promise<number | 'again' | 'later'>,
): Promise<number> {
  const startedAt = clock.now()
  for (;;) {
    const result = await look()
    if (typeof result === 'number') return result
    if (clock.now() - startedAt > givesUpAfterMs)
      throw new Error(`A process tree did not ${verb} within ${givesUpAfterMs / 1_000} s.`)
    if (result === 'later') await clock.sleep(pollMs)
  }
}

function keyOf(entry: ProcessEntry): string {
  return `${entry.pid}/${entry.startedKey}`
}
