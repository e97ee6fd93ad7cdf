import { readFileSync, readdirSync } from 'node:fs'

/** Reads a file of /proc or /sys. Undefined: there is none, or the process is gone. */
export type ReadFile = (path: string) => string | undefined

export const readSystemFile: ReadFile = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Names in a folder of /proc. */
export type ListFolder = (path: string) => readonly string[]

export const listSystemFolder: ListFolder = (path) => {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** Processor time of the whole machine since its start, in ticks of the kernel. Undefined: not Linux. */
export function machineTimes(
  read: ReadFile,
): { readonly busy: number; readonly total: number } | undefined {
  const line = read('/proc/stat')?.split('\n')[0]
  const fields = line?.trim().split(/\s+/).slice(1, 9).map(Number)
  if (fields === undefined || fields.length < 8 || fields.some((n) => Number.isNaN(n)))
    return undefined
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0, steal = 0] =
    fields
  const busy = user + nice + system + irq + softIrq + steal
  return { busy, total: busy + idle + wait }
}

/** Processor time of a process, with that of its children that have ended, in ticks. Undefined: it is gone. */
export function processTicks(pid: number, read: ReadFile): number | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // The name in parentheses may contain anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const times = fields?.slice(11, 15).map(Number)
  if (times === undefined || times.length < 4 || times.some((n) => Number.isNaN(n)))
    return undefined
  return times.reduce((sum, ticks) => sum + ticks, 0)
}

/** The children of a process. */
export function childrenOf(pid: number, read: ReadFile, list: ListFolder): readonly number[] {
  return list(`/proc/${pid}/task`).flatMap((task) =>
    (read(`/proc/${pid}/task/${task}/children`) ?? '')
      .split(' ')
      .map(Number)
      .filter((child) => child > 0),
  )
}

/** How long the control group of this process was throttled, in milliseconds. Undefined: no limit, or not Linux. */
export function throttledMs(read: ReadFile): number | undefined {
  const text = /^throttled_usec (\d+)$/m.exec(read('/sys/fs/cgroup/cpu.stat') ?? '')?.[1]
  return text === undefined ? undefined : Number(text) / 1_000
}
