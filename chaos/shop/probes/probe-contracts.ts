import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

import type { ProbeReport } from '#chaos/contracts/probe-report.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { codeReads, permissionArguments } from '#chaos/lib/permissions/permission-arguments.ts'

const program = fileURLToPath(new URL('./child.ts', import.meta.url))
const limitDefaultMs = 5_000
const lineMax = 10_000
const linesMax = 200

/**
 * Tests the promises of the lab's README directly on the seam files, each file in a child process.
 * The files must load and export their functions. Each probe has `limitMs`, 5 s by default.
 */
export async function probeContracts(request: {
  /** Folder of the seam files. */
  readonly folder: string
  readonly seams: readonly string[]
  readonly signal: AbortSignal
  readonly clock?: Clock
  readonly limitMs?: number
  /** Each process may read its file and the shop's, and neither write files nor start processes. */
  readonly confined?: boolean
}): Promise<readonly ProbeReport[]> {
  const { folder, seams, signal, clock = systemClock, limitMs = limitDefaultMs } = request
  const { confined = false } = request
  const reports: ProbeReport[] = []
  for (const seam of seams) {
    signal.throwIfAborted()
    reports.push(
      ...(await probeFile(
        { seam, path: join(folder, `${seam}.ts`) },
        { signal, clock, limitMs, confined },
      )),
    )
  }
  return reports
}

/** The reports of all probes of one seam. What the child did not report is undecided. */
async function probeFile(task: Task, limits: Limits): Promise<readonly ProbeReport[]> {
  const { seam } = task
  const { signal, limitMs } = limits
  const { listed, reports, inTime } = await runChild(task, limits)
  signal.throwIfAborted()
  if (listed === undefined) throw new Error(`the process of the probes of ${seam} did not start`)
  const reason = inTime
    ? 'the process of the probe ended before it'
    : `no result within ${limitMs / 1_000} s: its work does not end, or this machine is too busy`
  return listed.map(
    (probe) =>
      reports.find(({ name }) => name === probe.name) ?? { ...probe, outcome: 'undecided', reason },
  )
}

/** What the child has written. */
interface Written {
  /** All probes of the seam. */
  listed?: readonly Pick<ProbeReport, 'seam' | 'lab' | 'name' | 'promise'>[]
  readonly reports: ProbeReport[]
}

interface Task {
  readonly seam: string
  readonly path: string
}

interface Limits {
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly limitMs: number
  readonly confined: boolean
}

async function runChild(
  task: Task,
  { signal, clock, limitMs, confined }: Limits,
): Promise<Readonly<Written> & { readonly inTime: boolean }> {
  const word = randomUUID()
  const reads = codeReads(projectRoot, dirname(task.path))
  const permissions = confined ? permissionArguments({ read: reads }) : []
  const child = spawn(process.execPath, [...permissions, program], {
    // A separate process group: what the learner's code has started ends with it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    cwd: projectRoot,
    // Nothing of this process: its environment may contain secrets.
    env: { NO_COLOR: '1' },
  })
  const over = new AbortController()
  const gone = once(child, 'close').then(
    () => true,
    () => true,
  )
  try {
    const input = child.stdin as Writable
    input.on('error', () => undefined)
    input.end(JSON.stringify({ ...task, word }))
    const written: Written = { reports: [] }
    let progressAtMs = clock.now()
    const reading = readLines(child.stdio[3] as Readable, word, (line) => {
      progressAtMs = clock.now()
      if ('listed' in line) written.listed = line.listed
      else written.reports.push(line)
    })
    const stop = AbortSignal.any([over.signal, signal])
    const stuck = async (): Promise<false> => {
      for (let leftMs = limitMs; leftMs > 0; leftMs = progressAtMs + limitMs - clock.now())
        await clock.sleep(leftMs, stop)
      return false
    }
    const ended = Promise.all([reading, gone]).then(() => true)
    const inTime = await Promise.race([ended, stuck().catch(() => false)])
    return { ...written, inTime }
  } finally {
    over.abort()
    killTree(child)
    await gone
  }
}

type Line = ProbeReport | { readonly listed: NonNullable<Written['listed']> }

/** Reads lines with the secret word. Everything else on the descriptor is from the learner's code, and is ignored. */
async function readLines(
  stream: Readable,
  word: string,
  take: (line: Line) => void,
): Promise<void> {
  stream.on('error', () => undefined)
  let count = 0
  for await (const line of createInterface({ input: stream })) {
    if ((count += 1) > linesMax) return
    if (line.length > lineMax || !line.startsWith(`${word} {`)) continue
    take(JSON.parse(line.slice(word.length + 1)) as Line)
  }
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended, and so has everything that it started.
  }
}
