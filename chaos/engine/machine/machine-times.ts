import { readFileSync, readdirSync } from 'node:fs'

import { procStatFields } from '#chaos/lib/proc-stat.ts'

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

/** Processor time of the processors that this process may use, in ticks. Undefined: not Linux. */
export function machineTimes(
  read: ReadFile,
): { readonly busy: number; readonly total: number; readonly processors: number } | undefined {
  const lines = read('/proc/stat')?.split('\n') ?? []
  const times = lines.flatMap((line) => {
    const [, name = '', rest = ''] = /^(cpu\d*)\s+(.*)$/.exec(line) ?? []
    const fields = rest.split(/\s+/).slice(0, 8).map(Number)
    return fields.length < 8 || fields.some((n) => Number.isNaN(n)) ? [] : [{ name, fields }]
  })
  const allowed = allowedProcessors(read)
  const each = times.filter(({ name }) => name !== 'cpu')
  const own = each.filter(({ name }) => allowed?.has(Number(name.slice(3))) === true)
  const counted = own.length > 0 ? own : times.filter(({ name }) => name === 'cpu')
  if (counted.length === 0) return undefined
  const processors = own.length > 0 ? own.length : Math.max(1, each.length)
  let [busy, total] = [0, 0]
  for (const { fields } of counted) {
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0, steal = 0] =
      fields
    busy += user + nice + system + irq + softIrq + steal
    total += user + nice + system + irq + softIrq + steal + idle + wait
  }
  return { busy, total, processors }
}

/** Numbers of the processors that this process may use: `0-1,4`. Undefined: not known. */
function allowedProcessors(read: ReadFile): ReadonlySet<number> | undefined {
  const text = /^Cpus_allowed_list:\s*(\S+)$/m.exec(read('/proc/self/status') ?? '')?.[1]
  if (text === undefined) return undefined
  return new Set(
    text.split(',').flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    }),
  )
}

export interface ProcessTimes {
  /** Processor time with that of its ended children, in ticks. */
  readonly ticks: number
  readonly parent: number
}

/** Undefined: the process is gone. */
export function processTimes(pid: number, read: ReadFile): ProcessTimes | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = procStatFields(stat)
  const times = fields.slice(11, 15).map(Number)
  if (times.length < 4 || times.some((n) => Number.isNaN(n))) return undefined
  return { ticks: times.reduce((sum, ticks) => sum + ticks, 0), parent: Number(fields[1]) }
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

const groups = '/sys/fs/cgroup'

/** How long the control group of this process was throttled, in milliseconds. Undefined: no limit, or not Linux. */
export function throttledMs(read: ReadFile): number | undefined {
  const usec = /^throttled_usec (\d+)$/m.exec(read(`${groups}/cpu.stat`) ?? '')?.[1]
  if (usec !== undefined) return Number(usec) / 1_000
  // Version 1 of control groups counts nanoseconds.
  const nsec = /^throttled_time (\d+)$/m.exec(read(`${groups}/cpu/cpu.stat`) ?? '')?.[1]
  return nsec === undefined ? undefined : Number(nsec) / 1e6
}

/** The limit of the control group of this process, in processors. Undefined: no limit, or not Linux. */
export function processorLimit(read: ReadFile): number | undefined {
  const [quota, period] = (
    read(`${groups}/cpu.max`) ??
    `${read(`${groups}/cpu/cpu.cfs_quota_us`)} ${read(`${groups}/cpu/cpu.cfs_period_us`)}`
  )
    .trim()
    .split(/\s+/)
    .map(Number)
  const limit = (quota ?? Number.NaN) / (period ?? Number.NaN)
  return limit > 0 ? limit : undefined
}

/** How long some program of the machine has waited for a processor since its start, in milliseconds. Undefined: not known. */
export function pressureMs(read: ReadFile): number | undefined {
  const usec = /^some .*\btotal=(\d+)/m.exec(read('/proc/pressure/cpu') ?? '')?.[1]
  return usec === undefined ? undefined : Number(usec) / 1_000
}
