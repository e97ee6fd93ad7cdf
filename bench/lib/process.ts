import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, readFile, readdir } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

import { systemClock } from '#chaos/lib/clock.ts'

/** A child process of the bench. Dispose it to kill it and wait for its end. */
export interface BenchProcess extends AsyncDisposable {
  readonly pid: number
  readonly child: ChildProcess
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
}

export function startProcess(
  command: string,
  args: readonly string[],
  { env }: StartOptions = {},
): BenchProcess {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  child.stdout.resume()
  child.stderr.resume()
  const gone = once(child, 'exit')
  return {
    pid: child.pid ?? 0,
    child,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** The first line that the process prints from now on. */
export async function firstLine({ child }: BenchProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  const [line] = (await once(lines, 'line')) as [string]
  return line
}

/** Runs a process to its end; resolves to its output. */
export async function runProcess(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) return output
  throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${errors}${output}`)
}

/** The first of these programs that is in PATH. */
export async function findProgram(...names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']) {
      const file = join(folder, name)
      if (
        await access(file, 1).then(
          () => true,
          () => false,
        )
      )
        return file
    }
  }
  return undefined
}

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** CPU seconds of all threads of a process; NaN on systems without /proc. */
export async function cpuSeconds(pid: number): Promise<number> {
  try {
    let sum = 0
    for (const task of await readdir(`/proc/${pid}/task`)) {
      const text = await readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8').catch(() => '0')
      sum += Number(text.split(' ')[0]) / 1e9
    }
    return sum
  } catch {
    return NaN
  }
}

/**
 * CPU seconds of a process and of all its descendants, including those that have ended; NaN on systems without /proc.
 * Two calls differ by what the tree used in between.
 */
async function cpuSecondsOfTree(root: number): Promise<number> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const entries = (await Promise.all(ids.map(readStat))).filter((entry) => entry !== undefined)
  const tree = new Set([root])
  for (let size = 0; size < tree.size;) {
    size = tree.size
    for (const { pid, parent } of entries) if (tree.has(parent)) tree.add(pid)
  }
  const members = entries.filter(({ pid }) => tree.has(pid))
  if (members.length === 0) return NaN
  const seconds = await Promise.all(members.map(async ({ pid }) => await cpuSeconds(pid)))
  return [...seconds, ...members.map(({ endedChildren }) => endedChildren)]
    .filter((one) => !Number.isNaN(one))
    .reduce((sum, one) => sum + one, 0)
}

/** The CPU time of a process and of all its descendants during this time, in percent of a core. */
export async function percentOfCore(
  root: number,
  measuredMs: number,
  signal: AbortSignal,
): Promise<number> {
  const [fromMs, from] = [performance.now(), await cpuSecondsOfTree(root)]
  await systemClock.sleep(measuredMs, signal)
  const seconds = (performance.now() - fromMs) / 1_000
  return (100 * ((await cpuSecondsOfTree(root)) - from)) / seconds
}

const ticksPerSecond = 100

/** One process of /proc; undefined if it has ended. `endedChildren`: the CPU seconds of the children that it has reaped. */
async function readStat(id: string) {
  const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  // The name before it, in parentheses, can contain spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const endedChildren = (Number(fields[13]) + Number(fields[14])) / ticksPerSecond
  return { pid: Number(id), parent: Number(fields[1]), endedChildren }
}

/** Resident memory in bytes; NaN on systems without /proc. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1024
}
