import type { AdoptionReport } from '#chaos/adopt/compose/adoption-report.ts'
import { type Example, readExamples, startExample } from '#chaos/cli/testing/example-project.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { agreementOf } from '#chaos/xray/judging/agreement.ts'
import { resultLooks } from '#chaos/xray/judging/cell-results.ts'
import type { Cell, Matrix } from '#chaos/xray/matrix.ts'

import { contentHash } from '../../content-hash.ts'
import type { Task, TaskResult } from '../../task.ts'

const adoptWithinMs = 15_000
const differMax = 0.05
const versions = ['broken', 'fixed'] as const
type Version = (typeof versions)[number]

const examples = await readExamples()

/** Each example, as a user meets it: adopted while it runs, X-rayed from its flow file within the default budget, twice. */
export const exampleTasks: readonly Task[] = examples.flatMap((example) =>
  versions.map((version): Task => ({
    name: `adopt/examples/${example.name}/${version}`,
    expected:
      version === 'broken'
        ? 'adopted in 15 s; a red cell; two X-rays with the same results in 95 % of the cells'
        : 'adopted in 15 s; no red cell; two X-rays with the same results in 95 % of the cells',
    times: 1,
    hash: async () =>
      await contentHash(
        'chaos/adopt',
        'chaos/derived',
        'chaos/xray',
        'chaos/proxy',
        example.folder.slice(projectRoot.length + 1),
      ),
    run: async () => await judgeExample(example, version),
  })),
)

async function judgeExample(example: Example, version: Version): Promise<TaskResult> {
  await using project = await startExample(example, version)
  const adoption = await project.adopt()
  const matrices = [await project.xray(), await project.xray()]
  return judge(adoption, matrices, version)
}

/** `matrices`: of two X-rays of the same system. */
function judge(
  { tookMs, links }: Pick<AdoptionReport, 'tookMs' | 'links'>,
  matrices: readonly Matrix[],
  version: Version,
): TaskResult {
  const { compared, different } = sameness(matrices)
  const reds = matrices.map(({ cells }) => cells.filter(isRed))
  const problems = [
    ...(tookMs <= adoptWithinMs ? [] : ['adopting took too long']),
    ...(reds.every((red) => red.length > 0 === (version === 'broken')) ? [] : ['red cells']),
    ...(different.length <= differMax * compared ? [] : ['too many cells differ']),
    ...(compared > 0 ? [] : ['no cell ran twice']),
  ]
  const detail = [
    `adopted in ${(tookMs / 1_000).toFixed(1)} s, ${links.length} edges`,
    ...matrices.map(figuresOf),
    `${compared - different.length} of ${compared} cells equal`,
    ...different,
    ...problems,
  ]
  return { ok: problems.length === 0, detail: detail.join('; ') }
}

function isRed({ result }: Cell): boolean {
  return resultLooks[result].colour === 'red'
}

function figuresOf({ summary, cells, steps }: Matrix): string {
  const { ran, notRun, notFired, errors, liveness, seconds } = summary
  const red = cells.filter(isRed).map(({ id, result }) => `${result} ${id}`)
  const figures = [
    `${cells.length} cells of ${steps.length} messages in ${Math.round(seconds)} s`,
    `${ran} ran`,
    `${notRun ?? 0} not run`,
    `${notFired} did not fire`,
    `${errors} errors`,
    `${liveness} orange`,
    `${red.length} red${red.length === 0 ? '' : ` (${red.join(', ')})`}`,
  ]
  return figures.join(', ')
}

/** The cells that ran in both X-rays, and those of them whose results differ or depend on timing. */
function sameness(matrices: readonly Matrix[]): {
  readonly compared: number
  readonly different: readonly string[]
} {
  const ran = matrices.map((matrix) => ({
    ...matrix,
    cells: matrix.cells.filter(({ client }) => client !== undefined),
  }))
  const { cells, disagreements, sensitiveShare, unsteadySteps } = agreementOf(ran)
  const different = disagreements.map(({ cell, results }) => `${cell}: ${results.join(' or ')}`)
  const sensitive =
    Math.round(sensitiveShare * cells) - disagreements.filter(({ marked }) => marked).length
  return {
    compared: cells,
    different: [
      ...different,
      ...unsteadySteps.map((step) => `${step}: a message of one X-ray only`),
      ...Array.from({ length: sensitive }, () => 'a cell depends on timing'),
    ],
  }
}
