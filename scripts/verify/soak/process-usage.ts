import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

import { listProcesses } from '#chaos/runtime/local/keeper/list-processes.ts'

/** What a process and its helpers use at one moment. */
export interface Usage {
  /** Resident. It includes what an allocator keeps for later. */
  readonly megabytes: number
  /** Open files, sockets and pipes. Of Postgres: sockets, because it keeps files of tables open that it has read. */
  readonly handles: number
}

/** A process by name: `api-1`. Another pid is another process. */
export interface NamedProcess {
  readonly name: string
  readonly pid: number
}

const pageBytes = 4_096

/**
 * The usage of each process together with its descendants, without those that are in the list themselves. A process that has
 * ended, or that this user may not read, is left out.
 */
export async function readUsage(
  roots: readonly NamedProcess[],
): Promise<ReadonlyMap<NamedProcess, Usage>> {
  const children = Map.groupBy(await listProcesses(), ({ ppid }) => ppid)
  const listed = new Set(roots.map(({ pid }) => pid))
  const treeOf = (pid: number): readonly number[] => [
    pid,
    ...(children.get(pid) ?? [])
      .filter((child) => !listed.has(child.pid))
      .flatMap((child) => treeOf(child.pid)),
  ]
  const found = new Map<NamedProcess, Usage>()
  for (const root of roots) {
    const usages = treeOf(root.pid).map((pid) => usageOf(pid))
    if (usages[0] === undefined) continue
    found.set(root, sumOf(usages.filter((usage) => usage !== undefined)))
  }
  return found
}

function sumOf(usages: readonly Usage[]): Usage {
  return {
    megabytes: usages.reduce((sum, { megabytes }) => sum + megabytes, 0),
    handles: usages.reduce((sum, { handles }) => sum + handles, 0),
  }
}

/** Undefined: the process has ended, or belongs to another user. Linux only. */
function usageOf(pid: number): Usage | undefined {
  try {
    // Resident pages that no other process shares: Postgres' processes share most of their memory.
    const [, resident = '0', shared = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
    const isPostgres = basename(readlinkSync(`/proc/${pid}/exe`)) === 'postgres'
    const handles = readdirSync(`/proc/${pid}/fd`)
    return {
      megabytes: ((Number(resident) - Number(shared)) * pageBytes) / 1e6,
      handles: isPostgres ? handles.filter((fd) => isSocket(pid, fd)).length : handles.length,
    }
  } catch {
    return undefined
  }
}

function isSocket(pid: number, fd: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:')
  } catch {
    // Closed in the meantime.
    return false
  }
}
