import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'
import { isBad } from '#chaos/xray/judging/cell-results.ts'
import type { CellResult } from '#chaos/xray/judging/cell-results.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'

import type { TaskResult } from '../task.ts'
import { adopt } from './check-adoption.ts'
import type { OpenProject } from './open-project.ts'

const runsFolder = join(projectRoot, 'runs')
const differentMax = 0.05
/** Exit statuses of an X-ray with a matrix: no cell is broken, some are, some have no result. */
const statuses = [0, 1, 2]

/** X-rays one flow of an adopted project twice, within the default budget. Both are saved in `runs/`. */
export async function checkXrays(project: OpenProject, flow: string): Promise<TaskResult> {
  await adopt(project, '--cut')
  const xray = async (nth: number): Promise<Matrix> => {
    const text = await project.unhappy(['xray', flow, '--json'], statuses)
    await mkdir(runsFolder, { recursive: true })
    await writeFile(join(runsFolder, `verify-${project.name}-${nth}.json`), text)
    return JSON.parse(text) as Matrix
  }
  const result = compareXrays(await xray(1), await xray(2))
  await project.unhappy(['release'])
  const left = await project.ours()
  const changes = await project.changes()
  if (left.length === 0 && changes === '') return result
  return { ok: false, detail: `${result.detail}; left: ${[...left, changes].join(', ')}` }
}

/** At most 5 % of the cells may differ, and none may be an error of the X-ray. */
export function compareXrays(a: Matrix, b: Matrix): TaskResult {
  const [first, second] = [resultsOf(a), resultsOf(b)]
  const both = [...new Set([...first.keys(), ...second.keys()])].flatMap((name) => {
    // A step that only one X-ray has is a difference. A cell for which one had no time is not.
    const pair = [first.get(name) ?? 'no such step', second.get(name) ?? 'no such step'] as const
    return pair.includes('not-run') ? [] : [{ name, pair }]
  })
  const different = both.filter(({ pair: [one, other] }) => one !== other)
  const share = both.length === 0 ? 1 : different.length / both.length
  const errors = a.summary.errors + b.summary.errors
  const details = different.map(({ name, pair }) => `${name}: ${pair.join(', then ')}`)
  return {
    ok: share <= differentMax && errors === 0,
    detail: [
      ...[a, b].map(figuresOf),
      `${different.length} of ${both.length} cells differ`,
      ...(errors === 0 ? [] : [`${errors} errors of the X-ray`]),
      ...details,
    ].join('; '),
  }
}

/** The cells that can have a result, by step and column. */
function resultsOf({ steps, cells }: Matrix): ReadonlyMap<string, CellResult> {
  const keys = new Map(steps.map(({ id, key }) => [id, key]))
  return new Map(
    cells
      .filter(({ result }) => result !== 'n/a' && result !== 'pruned')
      .map(({ step, column, result }) => [`${keys.get(step)} ${column}`, result]),
  )
}

function figuresOf({ summary, cells }: Matrix): string {
  const bad = cells.filter(({ result }) => isBad(result)).length
  const { ran, cells: all, notRun = 0 } = summary
  return `${ran} of ${all} cells ran in ${Math.round(summary.seconds)} s, ${bad} bad, ${notRun} not run`
}
