import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findLab } from '#chaos/exercise/find-lab.ts'
import { promisedVerdictOf } from '#chaos/exercise/promised-verdict.ts'
import { parseVersion } from '#chaos/exercise/version.ts'
import type { GradedLab } from '#chaos/grading/grade.ts'
import { filesOfVersion, handInOf } from '#chaos/grading/testing/hand-in-of.ts'
import { hostileCode } from '#chaos/grading/testing/hostile-code.ts'
import type { Prey } from '#chaos/grading/testing/hostile-code.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'

import { contentHash } from '../content-hash.ts'
import type { Task, TaskResult } from '../task.ts'

const limitMs = 20 * 60_000
/** Grades before the first call is interrupted. */
const beforeStop = 12

/** Versions of labs: the verdict that `lab check` gives them is part of each lab. */
const versions: readonly (readonly [lab: string, version: string])[] = [
  ['lab-zero', 'alternatives/leave-it-alone'],
  ['oversell', 'alternatives/select-for-update'],
  ['double-submit', 'alternatives/advisory-lock'],
  ['duplicate-delivery', 'alternatives/guarded-status'],
  ['stalled-worker', 'alternatives/worker-thread'],
  ['lab-zero', 'start'],
  ['lab-zero', 'near-misses/swallow-the-error'],
  ['oversell', 'start'],
  ['oversell', 'near-misses/mutex-in-memory'],
  ['double-submit', 'near-misses/lock-the-row'],
  ['duplicate-delivery', 'near-misses/look-first'],
  ['dual-write', 'start'],
  ['dual-write', 'near-misses/enqueue-first'],
]

const brokenCode: Readonly<Record<string, string>> = {
  syntax: 'export function (',
  'no-export': 'export const nothing = 1',
}

/**
 * A folder of 30 hand-ins, right, wrong, broken and hostile: graded without help within 20 minutes, interrupted and continued.
 * Every promised verdict is there, and nothing outside of the sandbox has changed.
 */
export const gradeTask: Task = {
  name: 'grade/thirty',
  expected: '30 hand-ins in 20 minutes, with the verdicts of lab check; nothing else changed',
  times: 1,
  hash: async () => await contentHash('services', 'chaos', 'chaos/cli/grade', 'labs'),
  run: async ({ signal }): Promise<TaskResult> => {
    const folder = await mkdtemp(join(tmpdir(), 'unhappy-thirty-'))
    const watched = await watchPort()
    try {
      const prey = { file: join(folder, 'prey'), port: watched.port, pid: process.pid }
      const expected = await writeHandIns(folder, prey)
      const startMs = systemClock.now()
      const first = await grade(folder, signal, beforeStop)
      const second = await grade(folder, signal)
      const tookMs = systemClock.now() - startMs
      const problems = [
        ...wrongGrades(second.grades, expected),
        ...(first.status === 130 ? [] : [`Ctrl-C ended it with status ${first.status}`]),
        ...(second.known >= beforeStop ? [] : [`${second.known} grades were known`]),
        ...(tookMs <= limitMs ? [] : ['it took too long']),
        ...((await readFile(prey.file, 'utf8')) === 'as before' ? [] : ['a file changed']),
        ...(watched.connections === 0 ? [] : ['a port of this machine was reached']),
      ]
      const detail = `${second.grades.length} grades in ${Math.round(tookMs / 1_000)} s`
      return { ok: problems.length === 0, detail: [detail, ...problems].join('; ') }
    } finally {
      watched.server.close()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

/** The expected outcome by learner. Hostile code has none: what it tries decides. */
async function writeHandIns(folder: string, prey: Prey): Promise<ReadonlyMap<string, string>> {
  const expected = new Map<string, string>()
  const put = async (name: string, content: unknown): Promise<void> =>
    await writeFile(join(folder, `${name}.json`), JSON.stringify(content))
  await writeFile(prey.file, 'as before')
  for (const [id, version] of versions) {
    const lab = findLab(labs, id)
    const name = `${id}-${version.replace('/', '-')}`
    expected.set(name, promisedVerdictOf(lab, parseVersion(lab, version)).outcome)
    await put(name, handInOf(name, id, await filesOfVersion(lab, version)))
  }
  const right = await filesOfVersion(findLab(labs, 'lab-zero'), 'alternatives/leave-it-alone')
  const [{ seam, text } = { seam: '', text: '' }] = right
  for (const [name, code] of Object.entries(brokenCode)) {
    expected.set(name, 'broken')
    await put(name, handInOf(name, 'lab-zero', [{ seam, text: code }]))
  }
  for (const [name, code] of Object.entries(hostileCode))
    await put(name, handInOf(name, 'lab-zero', [{ seam, text: `${text}\n${code(prey)}\n` }]))
  expected.set('path', 'broken')
  await put('path', handInOf('path', 'lab-zero', [{ seam: '../../../prey', text }]))
  expected.set('link', 'broken')
  await symlink(prey.file, join(folder, 'link.json'))
  return expected
}

function wrongGrades(
  grades: readonly GradedLab[],
  expected: ReadonlyMap<string, string>,
): readonly string[] {
  const total = expected.size + Object.keys(hostileCode).length
  return [
    ...(grades.length === total ? [] : [`${grades.length} of ${total} have a grade`]),
    ...grades
      .filter(({ learner, grade }) => (expected.get(learner) ?? grade.outcome) !== grade.outcome)
      .map(({ learner, grade }) => `${learner} is ${grade.outcome}: ${grade.headline}`),
  ]
}

/** Calls the command. It receives SIGINT when `stopAfter` grades are known. */
async function grade(
  folder: string,
  signal: AbortSignal,
  stopAfter = Infinity,
): Promise<{
  readonly status: number | null
  readonly grades: readonly GradedLab[]
  readonly known: number
}> {
  const args = [join(projectRoot, 'chaos/cli/main.ts'), 'lab', 'grade', folder, '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const abort = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', abort)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
    if (lines(err, /^\d+\/\d+ /).length >= stopAfter) child.kill('SIGINT')
  })
  const [status] = (await once(child, 'close')) as [number | null]
  signal.removeEventListener('abort', abort)
  const grades = status === 0 || status === 2 ? (JSON.parse(out) as Graded).grades : []
  return { status, grades, known: lines(err, /\(known\)/).length }
}

interface Graded {
  readonly grades: readonly GradedLab[]
}

function lines(text: string, pattern: RegExp): readonly string[] {
  return text.split('\n').filter((line) => pattern.test(line))
}

async function watchPort(): Promise<{
  readonly server: Server
  readonly port: number
  readonly connections: number
}> {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    server,
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
  }
}
