import type { Clock } from '#chaos/lib/clock.ts'

import {
  carriesMark,
  listCommands,
  listProcesses,
  type Mark,
  type ProcessEntry,
} from './list-processes.ts'

/** How to find every process of an instance, whatever its children did to get away. */
export interface TreeQuery {
  /** The process that was started for it; its descendants, its group and its session belong to the tree. */
  readonly root?: number
  /** Found even when their parents are dead, so that nothing leads from the root to them any more. */
  readonly mark?: Mark
  /** When the root was started: what is older is nobody's child of it, whatever it carries (Linux). */
  readonly startedTicks?: number
}

const pollMs = 3
const givesUpAfterMs = 10_000

/** The living processes of the tree. A dead parent leads to nobody: `known` ones are followed by themselves. */
async function findTree(
  query: TreeQuery,
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
 * Freezes the tree and returns when every process of it has stopped. Stopping the root alone is not enough: Postgres
 * answers from its backends, and a process may fork between the look and the signal; so it looks until nothing is new.
 */
export async function pauseTree(query: TreeQuery, clock: Clock): Promise<number> {
  return await until(clock, 'stop', async () => {
    const tree = await findTree(query)
    const running = tree.filter((entry) => !entry.stopped)
    signalAll(running, 'SIGSTOP')
    return running.length === 0 ? tree.length : 'later'
  })
}

/** Lets every process of the tree run again. */
export async function resumeTree(query: TreeQuery, clock: Clock): Promise<number> {
  return await until(clock, 'continue', async () => {
    const tree = await findTree(query)
    const stopped = tree.filter((entry) => entry.stopped)
    signalAll(stopped, 'SIGCONT')
    return stopped.length === 0 ? tree.length : 'later'
  })
}

/** Kills the tree and returns when nothing of it is left. Returns how many processes it was. */
export async function killTree(query: TreeQuery, clock: Clock): Promise<number> {
  const known = new Set<string>()
  return await until(clock, 'die', async () => {
    const tree = await findTree(query, known)
    const newcomers = tree.filter((entry) => !known.has(keyOf(entry)))
    // First freeze, until a look finds nobody new: nobody can fork and hide while the others are being killed.
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
      // Gone by itself is what we want; not ours to signal cannot be helped and shows in the time limit.
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
