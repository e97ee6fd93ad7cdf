import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'

import { findLab } from '#chaos/exercise/find-lab.ts'
import { promisedVerdictOf } from '#chaos/exercise/promised-verdict.ts'
import { parseVersion } from '#chaos/exercise/version.ts'
import type { GradedLab, GradeOutcome } from '#chaos/grading/grade.ts'
import { filesOfVersion, handInOf } from '#chaos/grading/testing/hand-in-of.ts'
import { hostileCode } from '#chaos/grading/testing/hostile-code.ts'
import type { Prey } from '#chaos/grading/testing/hostile-code.ts'
import { projectRoot } from '#chaos/home/home.ts'
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

/** The folder of the hand-ins and their grades. It outlives an interruption. */
const verifyFolder = join(projectRoot, '.unhappy', 'verify-grade')

/** What a grade must be. */
interface Expected {
  readonly outcomes: readonly GradeOutcome[]
  /** What its headline says. Absent: anything. */
  readonly reason?: RegExp
}

/**
 * A folder of 30 hand-ins, right, wrong, broken and hostile: graded without help within 20 minutes, interrupted and continued.
 * Every grade is the expected one, and nothing outside of the sandbox has changed. An interrupted task continues, unless the
 * sources have changed.
 */
export const gradeTask: Task = {
  name: 'grade/thirty',
  expected: '30 hand-ins in 20 minutes, with the verdicts of lab check; nothing else changed',
  times: 1,
  hash: hashOfSources,
  run: async ({ signal }): Promise<TaskResult> => {
    const folder = join(verifyFolder, await hashOfSources())
    for (const name of await namesIn(verifyFolder))
      if (join(verifyFolder, name) !== folder) await remove(join(verifyFolder, name))
    await mkdir(folder, { recursive: true })
    const watched = await watchPort(join(folder, 'port'))
    try {
      const prey = { file: join(folder, 'prey'), port: watched.port, pid: process.pid }
      const expected = await writeHandIns(folder, prey)
      // An earlier round may have been interrupted after this part.
      const knownBefore = (await namesIn(join(folder, 'grades', 'kept'))).length
      const first = knownBefore < beforeStop ? await grade(folder, signal, beforeStop) : undefined
      const second = await grade(folder, signal)
      signal.throwIfAborted()
      const tookMs = second.grades.reduce((sum, { grade }) => sum + grade.tookMs, 0)
      const wrong = wrongGrades(second.grades, expected)
      const problems = [
        ...wrong,
        ...(first === undefined || first.status === 130
          ? []
          : [`Ctrl-C ended it with status ${first.status}`]),
        // Two files cannot be read, and each call says so again.
        ...(second.known >= beforeStop - 2 ? [] : [`${second.known} grades were known`]),
        ...(tookMs <= limitMs ? [] : ['it took too long']),
        ...((await readFile(prey.file, 'utf8')) === 'as before' ? [] : ['a file changed']),
        ...(await namesIn(join(projectRoot, '.unhappy', 'grading'))).map(
          (name) => `${name} is left`,
        ),
        ...(watched.connections === 0 ? [] : ['a port of this machine was reached']),
      ]
      // The next round judges an inconclusive grade again, and begins again otherwise.
      if (second.grades.every(({ grade }) => grade.outcome !== 'inconclusive')) await remove(folder)
      const detail = `${second.grades.length} grades in ${Math.round(tookMs / 1_000)} s`
      return { ok: problems.length === 0, detail: [detail, ...problems].join('; ') }
    } finally {
      watched.server.close()
    }
  },
}

async function hashOfSources(): Promise<string> {
  return await contentHash('services', 'chaos', 'chaos/cli/grade', 'labs')
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => [])
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

/** The expected grade by learner. */
async function writeHandIns(folder: string, prey: Prey): Promise<ReadonlyMap<string, Expected>> {
  const expected = new Map<string, Expected>()
  const put = async (name: string, content: unknown, result: Expected): Promise<void> => {
    expected.set(name, result)
    await writeFile(join(folder, `${name}.json`), JSON.stringify(content))
  }
  await writeFile(prey.file, 'as before')
  for (const [id, version] of versions) {
    const lab = findLab(labs, id)
    const name = `${id}-${version.replace('/', '-')}`
    const { outcome } = promisedVerdictOf(lab, parseVersion(lab, version))
    const handIn = handInOf(name, id, await filesOfVersion(lab, version))
    await put(name, handIn, { outcomes: [outcome] })
  }
  const right = await filesOfVersion(findLab(labs, 'lab-zero'), 'alternatives/leave-it-alone')
  const [{ seam, text } = { seam: '', text: '' }] = right
  const putCode = async (name: string, code: string, result: Expected): Promise<void> =>
    await put(name, handInOf(name, 'lab-zero', [{ seam, text: code }]), result)
  const broken: Expected = { outcomes: ['broken'] }
  for (const [name, code] of Object.entries(brokenCode)) await putCode(name, code, broken)
  for (const [name, { code, ...result }] of Object.entries(hostileCode))
    await putCode(name, `${text}\n${code(prey)}\n`, result)
  await put('path', handInOf('path', 'lab-zero', [{ seam: '../../../prey', text }]), broken)
  expected.set('link', broken)
  const link = join(folder, 'link.json')
  await remove(link)
  await symlink(prey.file, link)
  return expected
}

function wrongGrades(
  grades: readonly GradedLab[],
  expected: ReadonlyMap<string, Expected>,
): readonly string[] {
  return [
    ...(grades.length === expected.size
      ? []
      : [`${grades.length} of ${expected.size} have a grade`]),
    ...grades
      .filter(({ learner, grade: { outcome, headline } }) => {
        const wanted = expected.get(learner)
        return !wanted?.outcomes.includes(outcome) || wanted.reason?.test(headline) === false
      })
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
  signal.throwIfAborted()
  const args = [join(projectRoot, 'chaos/cli/main.ts'), 'lab', 'grade', folder, '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const abort = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', abort)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
    if (lines(err, /^\d+\/\d+ /).length >= stopAfter && !child.killed) child.kill('SIGINT')
  })
  const [status] = (await once(child, 'close')) as [number | null]
  signal.removeEventListener('abort', abort)
  signal.throwIfAborted()
  if (status === 130) return { status, grades: [], known: 0 }
  if (status !== 0 && status !== 2)
    throw new Error(`It ended with status ${status}: ${err.slice(-500)}`)
  const { grades } = JSON.parse(out) as Graded
  return { status, grades, known: lines(err, /\(known\)/).length }
}

interface Graded {
  readonly grades: readonly GradedLab[]
}

function lines(text: string, pattern: RegExp): readonly string[] {
  return text.split('\n').filter((line) => pattern.test(line))
}

/** Listens. A later call listens on the port in the same file. */
async function watchPort(file: string): Promise<{
  readonly server: Server
  readonly port: number
  readonly connections: number
}> {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  server.listen(Number(await readFile(file, 'utf8').catch(() => '0')), '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await writeFile(file, String(port))
  return {
    server,
    port,
    get connections() {
      return connections
    },
  }
}
