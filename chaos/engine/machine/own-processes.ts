import { childrenOf, processTimes } from './machine-times.ts'
import type { ListFolder, ProcessTimes, ReadFile } from './machine-times.ts'

export interface OwnProcesses {
  /** Reads the processor time of every process and of its children. Processes that ended before the next sample keep their last time. */
  sample(): void
  /** Processor time since the first sample, in ticks. */
  ticks(): number
}

interface Known extends ProcessTimes {
  /** What it had used before the first sample. */
  readonly first: number
}

/** Adds up the processor time of the sandbox's processes. */
export function createOwnProcesses(
  pids: () => readonly number[],
  read: ReadFile,
  list: ListFolder,
): OwnProcesses {
  const known = new Map<number, Known>()
  let isFirst = true
  return {
    sample() {
      const all = new Set([
        ...pids().flatMap((pid) => [pid, ...childrenOf(pid, read, list)]),
        ...known.keys(),
      ])
      for (const pid of all) {
        const times = processTimes(pid, read)
        const before = known.get(pid)
        // A process that appears later has used all of its time during the record.
        if (times !== undefined)
          known.set(pid, { ...times, first: before?.first ?? (isFirst ? times.ticks : 0) })
        // Its parent now counts the time of this ended child as its own.
        else if (before !== undefined && known.has(before.parent))
          known.set(pid, { ...before, ticks: 0 })
      }
      isFirst = false
    },
    ticks: () => [...known.values()].reduce((sum, { ticks, first }) => sum + ticks - first, 0),
  }
}
