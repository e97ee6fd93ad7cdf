import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'
import { agreementOf } from '#chaos/xray/judging/agreement.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { openXraySandboxes } from '#chaos/xray/open-xray-sandboxes.ts'
import { pruningMistakes } from '#chaos/xray/planning/pruning-mistakes.ts'
import { sweep } from '#chaos/xray/sweep.ts'
import type { XraySetup } from '#chaos/xray/xray-sandbox.ts'

import { contentHash } from '../content-hash.ts'
import type { Task, TaskResult } from '../task.ts'

/** Limit for the share of cells whose result depends on timing. */
const sensitiveShareMax = 0.03
const folder = join(projectRoot, '.unhappy', 'verify', 'xray')
/** Tests, and code that shows or compares matrices: no result depends on them. */
const drawn = /\.test\.ts$|^showing\/|^judging\/(diff|agreement)|^planning\/pruning-mistakes/

interface Subject {
  readonly name: string
  readonly flow: string
  readonly exercise?: NonNullable<XraySetup['exercise']>
  readonly off: readonly string[]
  /** Whether the matrix must have broken cells. */
  readonly broken: 'none' | 'some'
}

/** Code with a planted bug. */
const planted = (name: string, seam: string): Subject => ({
  name,
  flow: 'place-order',
  exercise: { folder: join(projectRoot, 'chaos/shop/testing/planted', name), seams: [seam] },
  off: [],
  broken: 'some',
})

const subjects: readonly Subject[] = [
  { name: 'shop', flow: 'place-order', off: [], broken: 'none' },
  { name: 'shop', flow: 'retry-order', off: [], broken: 'none' },
  { name: 'shop', flow: 'browse', off: [], broken: 'none' },
  { name: 'shop', flow: 'quote', off: [], broken: 'none' },
  { name: 'shop', flow: 'reconcile', off: [], broken: 'none' },
  {
    name: 'dual-write',
    flow: 'place-order',
    exercise: {
      folder: join(projectRoot, 'labs/data-correctness/dual-write/start'),
      seams: ['place-order'],
    },
    off: ['reconciler'],
    broken: 'some',
  },
  planted('double-charge', 'charge-order'),
  planted('torn-books', 'record-payment'),
  planted('timeout-is-declined', 'charge-order'),
  planted('stock-first', 'reserve-stock'),
]

/** Full matrices: a cell must have the same result in every round. */
export const xrayTasks: readonly Task[] = subjects.map((subject) => ({
  name: `xray/${subject.flow}/${subject.name}`,
  expected: `${subject.broken === 'none' ? 'nothing' : 'something'} is broken, and all rounds agree cell by cell`,
  times: 5,
  hash: () => hashOf(subject),
  run: async ({ signal, round }): Promise<TaskResult> => {
    const matrix = await makeMatrix(subject, signal)
    const earlier = await earlierMatrices(subject, round)
    await save(subject, round, matrix)
    return judge(subject, matrix, [...earlier, matrix])
  },
}))

async function makeMatrix(subject: Subject, signal: AbortSignal): Promise<Matrix> {
  const { exercise, off, flow, name } = subject
  await using opened = await openXraySandboxes({
    system,
    count: 2,
    clock: systemClock,
    setup: { off, signal, ...(exercise === undefined ? {} : { exercise }) },
  })
  const { sandboxes } = opened
  return await sweep({ flow, mode: 'full', variant: name, sandboxes, clock: systemClock })
}

function judge(subject: Subject, matrix: Matrix, all: readonly Matrix[]): TaskResult {
  const { integrity, liveness, notFired, errors, seconds, ran } = matrix.summary
  const { disagreements, sensitiveShare, unsteadySteps } = agreementOf(all)
  const unmarked = disagreements.filter(({ marked }) => !marked)
  const grave = pruningMistakes(matrix).filter((mistake) => mistake.grave)
  const broken = integrity + liveness
  const problems = [
    subject.broken === 'none' && broken > 0 ? `${broken} cells are broken` : '',
    subject.broken === 'some' && broken === 0 ? 'nothing is broken' : '',
    notFired > 0 ? `${notFired} cells did not fire` : '',
    errors > 0 ? `${errors} cells have no result` : '',
    unmarked.map(({ cell, results }) => `${cell} was ${results.join(', ')}`).join('; '),
    sensitiveShare > sensitiveShareMax
      ? `${Math.round(1_000 * sensitiveShare) / 10} % depend on timing`
      : '',
    unsteadySteps.length > 0 ? `steps differ: ${unsteadySteps.join(', ')}` : '',
    grave.map(({ cell, sameAs }) => `${cell} is not as ${sameAs}`).join('; '),
  ].filter((problem) => problem !== '')
  const figures = `${ran} cells in ${Math.round(seconds)} s, ${broken} broken`
  return { ok: problems.length === 0, detail: [figures, ...problems].join('; ') }
}

async function hashOf({ exercise }: Subject): Promise<string> {
  const own = (await Promise.all(['chaos/xray', 'chaos/shop/xray'].map(sourcesIn))).flat()
  const code = exercise === undefined ? [] : [join(exercise.folder, `${exercise.seams[0]}.ts`)]
  return await contentHash(
    'services',
    'chaos',
    ...own,
    ...code.map((file) => file.slice(projectRoot.length + 1)),
  )
}

/** The files of the folder that a result can depend on. */
async function sourcesIn(parent: string): Promise<readonly string[]> {
  const names = await readdir(join(projectRoot, parent), { recursive: true })
  return names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !drawn.test(name))
    .map((name) => `${parent}/${name}`)
}

/** The matrices of earlier rounds with the same hash. */
async function earlierMatrices(subject: Subject, round: number): Promise<Matrix[]> {
  const hash = await hashOf(subject)
  const found: Matrix[] = []
  for (let i = 0; i < round; i++) {
    const text = await readFile(fileOf(subject, hash, i), 'utf8').catch(() => undefined)
    if (text !== undefined) found.push(JSON.parse(text) as Matrix)
  }
  return found
}

async function save(subject: Subject, round: number, matrix: Matrix): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(fileOf(subject, await hashOf(subject), round), JSON.stringify(matrix))
}

function fileOf({ flow, name }: Subject, hash: string, round: number): string {
  return join(folder, `${flow}-${name}-${hash.slice(0, 12)}-${round}.json`)
}
