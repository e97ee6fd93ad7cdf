import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { promisify } from 'node:util'

import { procStatFields } from '#chaos/lib/proc-stat.ts'

/** A process of this machine, as the kernel reports it. */
export interface ProcessEntry {
  readonly pid: number
  readonly ppid: number
  readonly group: number
  readonly session: number
  /** Stopped by SIGSTOP. */
  readonly stopped: boolean
  /** In a wait of the kernel that only SIGKILL ends, for example for the child of a vfork. */
  readonly uninterruptible: boolean
  /** Dead and not yet collected by its parent: it holds no port and no file. */
  readonly zombie: boolean
  /** Together with the pid it identifies a process: pids are reused, start times are not. */
  readonly startedKey: string
}

/** Every process that this user can see, without kernel threads. */
export async function listProcesses(): Promise<ProcessEntry[]> {
  return process.platform === 'linux' ? readProc() : await readPs()
}

/**
 * Whether the process has the variable in its environment (`NAME=value`), or works in the folder or
 * below it. Postgres and Redis overwrite their environment with a title, so the folder identifies
 * them.
 */
export function carriesMark(entry: ProcessEntry, mark: Mark, commands?: Commands): boolean {
  if (process.platform !== 'linux')
    return commands?.get(entry.pid)?.includes(mark.variable) ?? false
  return worksIn(entry.pid, mark.folder) || hasVariable(entry.pid, mark.variable)
}

/** What every process of a sandbox, or of one of its instances, has in common. */
export interface Mark {
  /** `UNHAPPY_SANDBOX=/var/tmp/...` */
  readonly variable: string
  readonly folder?: string
}

/** Command line and environment by pid, where there is no /proc. */
export type Commands = ReadonlyMap<number, string>

/** Undefined on Linux, where each process has its own /proc entry. */
export async function listCommands(): Promise<Commands | undefined> {
  if (process.platform === 'linux') return undefined
  const { stdout } = await run('ps', ['-axEww', '-o', 'pid=,command='], { maxBuffer: 2 ** 26 })
  const lines = stdout.split('\n').map((line) => /^\s*(\d+) (.*)$/.exec(line))
  return new Map(lines.flatMap((match) => (match ? [[Number(match[1]), match[2] ?? '']] : [])))
}

/** Start time of the process, in kernel ticks since boot. Undefined where there is no /proc. */
export function startTicks(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const entry = readStat(String(pid))
  return entry && Number(entry.startedKey)
}

const run = promisify(execFile)
const kernelThreads = 2

function readProc(): ProcessEntry[] {
  const entries: ProcessEntry[] = []
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0)
    if (first < 49 || first > 57) continue
    const entry = readStat(name)
    if (entry !== undefined && entry.ppid !== kernelThreads) entries.push(entry)
  }
  return entries
}

function readStat(pid: string): ProcessEntry | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined // it has ended since readdir
  }
  const fields = procStatFields(text)
  const [state, ppid, group, session] = fields
  const threads = Number(fields[17])
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    group: Number(group),
    session: Number(session),
    stopped: state === 'T' || state === 't',
    uninterruptible: state === 'D',
    // A process whose leader has ended still holds its files and ports while other threads run.
    zombie: state === 'X' || (state === 'Z' && threads <= 1),
    startedKey: fields[19] ?? '',
  }
}

async function readPs(): Promise<ProcessEntry[]> {
  const columns = 'pid=,ppid=,pgid=,stat=,lstart='
  const { stdout } = await run('ps', ['-axo', columns], { maxBuffer: 2 ** 24 })
  return stdout.split('\n').flatMap((line) => {
    const [pid, ppid, group, state = '', ...started] = line.trim().split(/\s+/)
    if (pid === undefined || pid === '') return []
    return [
      {
        pid: Number(pid),
        ppid: Number(ppid),
        group: Number(group),
        session: 0, // ps prints an address here, not a number; the group is used instead
        stopped: state.startsWith('T'),
        uninterruptible: state.startsWith('D') || state.startsWith('U'),
        zombie: state.startsWith('Z'),
        startedKey: started.join(' '),
      },
    ]
  })
}

function worksIn(pid: number, folder: string | undefined): boolean {
  if (folder === undefined) return false
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`)
    return cwd === folder || cwd.startsWith(`${folder}/`) || cwd === `${folder} (deleted)`
  } catch {
    return false // gone, or a process of another user
  }
}

function hasVariable(pid: number, variable: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}\0`.includes(`\0${variable}\0`)
  } catch {
    return false
  }
}
