import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { isPackage, projectRoot, usersFolder } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { packagesFolder } from '#chaos/lib/permissions/packages-folder.ts'
import { hasPermissions } from '#chaos/lib/permissions/permission-arguments.ts'

import type { CellMessage } from './cell-messages.ts'

const script = fileURLToPath(new URL('enter-cell.sh', import.meta.url))
const gradingProgram = fileURLToPath(new URL('cell.ts', import.meta.url))
/** Size of each file system in memory. A sandbox needs about 150 MB. */
const memory = '1g'
const readyWithinMs = 60_000
/** Time to stop the sandbox in the cell. Then everything in it is killed. */
const graceMs = 20_000

/** A process in a cell, and everything that it starts. Disposing ends all of it. */
export interface Cell extends AsyncDisposable {
  readonly child: ChildProcess
  /** False as soon as its channel has closed or its process has ended. */
  readonly isAlive: boolean
  /** Resolves when everything in the cell has ended. */
  readonly ended: Promise<void>
  /** Ends everything at once. */
  kill(): Promise<void>
}

export interface CellOptions {
  /** The cache of the local runtime, with the binaries of the stores. */
  readonly cacheFolder: string
  readonly clock: Clock
  readonly signal: AbortSignal
  /** What runs in it. It sends `ready` when it has started. Absent: the grading program. */
  readonly program?: string
}

/**
 * Starts a program of the project in Linux namespaces of its own: without network, without the processes of this machine, and with
 * the machine's files as they are, to read. Throws {@link InputError} where that is not possible.
 */
export async function openCell(options: CellOptions): Promise<Cell> {
  const { cacheFolder, clock, signal, program = gradingProgram } = options
  if (process.platform !== 'linux')
    throw notHere(`This is ${process.platform}: only Linux can take the network from a process.`)
  if (!hasPermissions())
    throw notHere(`Node ${process.versions.node} cannot limit which files a process changes.`)
  const cell = join(usersFolder, '.unhappy', 'grading')
  await mkdir(cell, { recursive: true })
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0]
  const namespaces = ['--mount', '--net', '--pid', '--ipc', '--fork', '--kill-child']
  if (uid !== 0) namespaces.push('--user', '--map-root-user')
  // The packages of a clone are in it, and the npm package is in the folder of its packages.
  const project = isPackage ? packagesFolder(projectRoot) : projectRoot
  const folders = [project, cell, cacheFolder, dirname(process.execPath)]
  const enter = ['sh', script, String(uid), String(gid), memory, ...folders]
  const child = spawn(
    'setpriv',
    // The cell ends even if this process is killed.
    ['--pdeathsig', 'KILL', 'unshare', ...namespaces, ...enter, process.execPath, program],
    {
      // Ctrl-C reaches this process only.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
        HOME: '/cell',
        TMPDIR: '/tmp',
        UNHAPPY_HOME: cell,
        UNHAPPY_CACHE: '/cell/cache',
        UNHAPPY_GRADING: '1',
      },
    },
  )
  const ended = endOf(child)
  const kill = async (): Promise<void> => {
    killAll(child)
    await ended
  }
  try {
    await ready(child, ended, clock, signal)
  } catch (error) {
    await kill()
    throw error
  }
  return {
    child,
    // The end of the channel and the end of the process come in any sequence.
    get isAlive() {
      return child.connected && child.exitCode === null && child.signalCode === null
    },
    ended,
    kill,
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect()
      const late = new AbortController()
      const tooLong = clock.sleep(graceMs, late.signal).then(
        () => killAll(child),
        () => undefined,
      )
      await ended
      late.abort()
      await tooLong
    },
  }
}

/**
 * Kills the first process of the cell: the kernel then ends all others before that process counts as ended, and `unshare` ends
 * after it. If `unshare` itself were killed, it would be gone before them.
 */
function killAll({ pid }: ChildProcess): void {
  if (pid === undefined) return
  const first = firstOf(pid)
  for (const target of first.length > 0 ? first : [pid])
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It has ended already.
    }
}

function firstOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return children.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

async function endOf(child: ChildProcess): Promise<void> {
  // `error`: the program does not exist. There is no exit then.
  await Promise.race([once(child, 'exit'), once(child, 'error')]).catch(() => undefined)
}

async function ready(
  child: ChildProcess,
  ended: Promise<void>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2_000)
  })
  child.on('error', (error) => {
    errors += error.message
  })
  const over = new AbortController()
  const isReady = new Promise<true>((resolve) => {
    child.on('message', (message: CellMessage) => {
      if (message.type === 'ready') resolve(true)
    })
  })
  try {
    const began = await Promise.race([
      isReady,
      ended.then(() => false),
      clock.sleep(readyWithinMs, AbortSignal.any([over.signal, signal])).then(() => false),
    ])
    signal.throwIfAborted()
    if (!began) throw notHere(`This machine does not permit it: ${errors.trim() || 'no reason'}.`)
  } finally {
    over.abort()
  }
}

function notHere(why: string): InputError {
  return new InputError(
    `In plain processes, grading needs a cell that keeps the learners' code away from this machine. ${why}`,
    { remedy: 'Grade in Docker: docs/grading.md has the commands. Nothing was run.' },
  )
}
