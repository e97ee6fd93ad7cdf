import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

import type { SeamProbe } from '#chaos/contracts/system/seams.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { pathForMessage } from '#chaos/home/readable-path.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { codeReads, permissionArguments } from '#chaos/lib/permissions/permission-arguments.ts'
import { processCpuMs } from '#chaos/lib/process-cpu.ts'
import { placeOfSyntaxError, shortSource, type Place } from '#services/load-failure.ts'

import { channelFd, nonceLength, type ProbeReport } from './probe-channel.ts'

const script = fileURLToPath(new URL('./probe-seam-child.ts', import.meta.url))
/** Limit for loading the file. */
const loadLimitMs = 10_000
/** Limit for the start of the process, before it loads the file. */
const startLimitMs = 60_000
/** On a busy machine a process gets its share late: it may wait this many times its limit. */
const starvedLimits = 6
/** After its limit, a process whose event loop is free responds within this time. */
const aliveLimitMs = 2_000
/** After its end, another process may still hold its output open. */
const closeLimitMs = 1_000
/** A file that writes more than this while it loads is refused. */
const outputMaxBytes = 1_048_576
const channelMaxBytes = 65_536
const tailMaxBytes = 8_192

export interface ProbeSeamOptions {
  readonly limitMs?: number
  /** See {@link ProbeOptions}. */
  readonly confined?: boolean
}

/**
 * Loads a seam file as the shop does, and looks for its export. It does so in another process: a file that never ends
 * loading, or that ends the process, does no harm. `problem` continues a sentence that starts with the file's name.
 *
 * Only reports with a secret count. The file's code does not receive it, so what the file prints or sends changes nothing.
 */
export async function probeSeam(
  path: string,
  exportName: string,
  { limitMs = loadLimitMs, confined = false }: ProbeSeamOptions = {},
): Promise<SeamProbe> {
  const permissions = confined
    ? permissionArguments({ read: codeReads(projectRoot, dirname(path)) })
    : []
  const seen = await watchProbe([...permissions, script, path, exportName], limitMs)
  if (seen.outputBytes > outputMaxBytes)
    return loadProblem(
      `writes more than ${outputMaxBytes / 1_048_576} MB to its output while it loads. A seam file only defines functions: remove the output.`,
    )
  if (seen.report !== undefined) return resultOf(seen.report, seen)
  if (seen.late === 'start' || seen.late === 'starved')
    return { ok: false, kind: 'machine', problem: machineText(seen.late, limitMs) }
  if (seen.late !== undefined) return loadProblem(lateText(seen.late, limitMs))
  const { code, signal } = seen
  const how = signal === null ? `with exit status ${code}` : `by the signal ${signal}`
  return loadProblem(
    `ended the process ${how} while it was loaded. A seam file only defines functions: remove the call that ends the process.${linesOf(seen.tail)}`,
  )
}

function resultOf(report: ProbeReport, { tail }: Seen): SeamProbe {
  if (report.ok) return report
  const { kind, message } = report
  if (kind === 'export') return { ok: false, kind, problem: `${message}.` }
  if (kind === 'await')
    return loadProblem(
      'never ends loading: a top-level await waits for a promise that nothing resolves. Move the await into the function.',
    )
  const place = report.place ?? placeOfSyntaxError(tail)
  const more = /strip.*mode/.test(message)
    ? '\n  Node removes types and compiles nothing: write this without TypeScript syntax that creates code.'
    : ''
  const problem = `does not load: ${message}${place === undefined ? '' : placeText(place)}${more}`
  return { ok: false, kind: 'load', problem, ...(place && { place }) }
}

/** The file, the line and the column; then the line of the source with a caret below the column. */
function placeText(place: Place): string {
  const { file, line, column, source } = place
  const shown = shortSource(place)
  const caretAt = column - 1 - (source.length - source.trimStart().length)
  const caret = caretAt >= 0 && caretAt <= shown.length ? `\n    ${' '.repeat(caretAt)}^` : ''
  // An editor's terminal opens a file that is written this way at its line.
  return `\n  ${pathForMessage(file)}:${line}:${column}\n    ${shown}${caret}`
}

function machineText(late: 'start' | 'starved', limitMs: number): string {
  const what =
    late === 'start'
      ? `its process did not start within ${startLimitMs / 1_000} s`
      : `its process got too little processor time in ${(limitMs * starvedLimits) / 1_000} s`
  return `was not loaded: ${what}. Check it again when this machine is less busy.`
}

function lateText(late: 'blocked' | 'waiting', limitMs: number): string {
  const within = `does not load within ${limitMs / 1_000} s`
  return late === 'blocked'
    ? `${within}: an endless loop, or other work without an end, blocks the event loop. Move the work into the function.`
    : `${within}: a top-level await still waits, and the event loop is free. Move the await into the function.`
}

function loadProblem(problem: string): SeamProbe {
  return { ok: false, kind: 'load', problem }
}

/** The last lines that the process wrote. */
function linesOf(tail: string): string {
  const lines = stripVTControlCharacters(tail)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return lines
    .slice(-3)
    .map((line) => `\n  ${line.slice(0, 200)}`)
    .join('')
}

/**
 * `start`: it did not begin to load. `blocked`: the event loop did not respond, and the process worked. `starved`: it did not
 * respond, and the process hardly worked. `waiting`: it responded.
 */
type Late = 'start' | 'blocked' | 'starved' | 'waiting'

interface Seen {
  report?: ProbeReport
  late?: Late
  outputBytes: number
  /** The end of standard error. */
  tail: string
  code: number | null
  signal: string | null
}

/** Runs the process and collects what it does. It and all processes that it started are gone afterwards. */
async function watchProbe(args: readonly string[], limitMs: number): Promise<Seen> {
  const nonce = randomBytes(nonceLength / 2).toString('hex')
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // Its own process group: the end of the probe also ends what the file's code has started.
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: undefined },
  })
  const seen: Seen = { outputBytes: 0, tail: '', code: null, signal: null }
  const channel = child.stdio[channelFd] as Duplex
  const giveUp = (late: Late): void => {
    seen.late = late
    killGroup(child)
  }
  using deadline = createDeadline(() => giveUp('start'), startLimitMs)
  let cpuAtStartMs: Promise<number | undefined> = Promise.resolve(undefined)
  let limits = 1
  const askWhetherAlive = (): void => {
    deadline.move(() => void onSilence(), aliveLimitMs)
    channel.write('?')
  }
  const onSilence = async (): Promise<void> => {
    const [before, now] = [await cpuAtStartMs, await cpuOf(child)]
    // Without a figure it counts as work.
    const isStarved = before !== undefined && now !== undefined && now - before < limitMs / 2
    if (!isStarved || limits >= starvedLimits) return giveUp(isStarved ? 'starved' : 'blocked')
    limits += 1
    deadline.move(askWhetherAlive, limitMs)
  }
  const onMessage = (text: string): void => {
    if (text === 'ready') {
      cpuAtStartMs = cpuOf(child)
      return deadline.move(askWhetherAlive, limitMs)
    }
    if (text === 'alive') return giveUp('waiting')
    seen.report ??= JSON.parse(text) as ProbeReport
  }
  const onOutput = (chunk: Buffer): void => {
    seen.outputBytes += chunk.length
    if (seen.outputBytes > outputMaxBytes) killGroup(child)
  }
  child.stdout?.on('data', onOutput)
  child.stderr?.on('data', (chunk: Buffer) => {
    onOutput(chunk)
    seen.tail = (seen.tail + chunk.toString()).slice(-tailMaxBytes)
  })
  readMessages(channel, `${nonce} `, onMessage)
  // The process may end before it has read the secret.
  channel.on('error', () => undefined)
  channel.write(nonce)
  await ended(child, seen)
  return seen
}

async function cpuOf({ pid }: ChildProcess): Promise<number | undefined> {
  return pid === undefined ? undefined : await processCpuMs(pid)
}

/** Passes on each line that starts with the secret. Stops reading when there is too much of anything else. */
function readMessages(channel: Duplex, start: string, onMessage: (text: string) => void): void {
  let rest = ''
  let bytes = 0
  channel.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > channelMaxBytes) return
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith(start)) onMessage(line.slice(start.length))
  })
}

async function ended(child: ChildProcess, seen: Seen): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  using stack = new DisposableStack()
  child.on('error', reject)
  child.on('close', () => resolve())
  child.on('exit', (code, signal) => {
    Object.assign(seen, { code, signal })
    killGroup(child)
    stack.use(createDeadline(resolve, closeLimitMs))
  })
  try {
    await promise
  } finally {
    for (const stream of child.stdio) stream?.destroy()
  }
}

interface Deadline extends Disposable {
  /** From now on, calls `work` after `delayMs` instead. */
  move(work: () => void, delayMs: number): void
}

/** Calls `work` after `delayMs`, unless it is disposed before. */
function createDeadline(work: () => void, delayMs: number): Deadline {
  let cancel = new AbortController()
  const move: Deadline['move'] = (next, laterMs) => {
    cancel.abort()
    cancel = new AbortController()
    void after(laterMs, cancel.signal, next)
  }
  move(work, delayMs)
  return { move, [Symbol.dispose]: () => cancel.abort() }
}

async function after(delayMs: number, signal: AbortSignal, work: () => void): Promise<void> {
  try {
    await systemClock.sleep(delayMs, signal)
  } catch {
    return
  }
  work()
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group is gone already.
  }
}
