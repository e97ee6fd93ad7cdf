import {
  type CellChange,
  diffMatrices,
  stepKey,
  type MatrixDiff,
} from '../../../xray/judging/diff.ts'
import type { XrayMatrix } from '../../../xray/live/xray-view.ts'
import type { Cell, FlowStep } from '../../../xray/matrix.ts'
import { columns } from '../../../xray/planning/columns.ts'

/** One step, in the matrices that have it. */
export interface PairedRow {
  readonly key: string
  readonly step: FlowStep
  readonly pairs: readonly PairedCell[]
}

export interface PairedCell {
  readonly column: string
  readonly before: Cell | undefined
  readonly after: Cell | undefined
  /** Undefined: no change. */
  readonly what: CellChange['what'] | undefined
}

/** Pairs the rows of two matrices by their steps. A step may be in only one of them. */
export function pairRows(
  before: XrayMatrix,
  after: XrayMatrix,
): { readonly rows: readonly PairedRow[]; readonly diff: MatrixDiff } {
  const diff = diffMatrices(before, after)
  const changes = new Map(diff.changes.map(({ key, column, what }) => [`${key}\n${column}`, what]))
  const [left, right] = [cellsOf(before), cellsOf(after)]
  const rows = stepsOfBoth(before.steps, after.steps).map((step): PairedRow => {
    const key = stepKey(step)
    const pairs = columns.map(({ id, heading }) => ({
      column: id,
      before: left.get(`${key}\n${id}`),
      after: right.get(`${key}\n${id}`),
      what: changes.get(`${key}\n${heading}`),
    }))
    return { key, step, pairs }
  })
  return { rows, diff }
}

/** The result of a cell; for a pruned cell, the result of the cell that represents it. */
export function shownResult(cell: Cell, { cells }: XrayMatrix): Cell['result'] {
  if (cell.result !== 'pruned') return cell.result
  return cells.find(({ id }) => id === cell.sameAs)?.result ?? cell.result
}

function cellsOf({ steps, cells }: XrayMatrix): ReadonlyMap<string, Cell> {
  const keys = new Map(steps.map((step) => [step.id, stepKey(step)]))
  return new Map(cells.map((cell) => [`${keys.get(cell.step) ?? ''}\n${cell.column}`, cell]))
}

/** Steps in the order of the flow. A step of only one matrix keeps its position there. */
function stepsOfBoth(before: readonly FlowStep[], after: readonly FlowStep[]): readonly FlowStep[] {
  const shared = new Set(before.map(stepKey))
  const rest = after.slice()
  const rows: FlowStep[] = []
  const isAfter = new Set(after.map(stepKey))
  for (const step of before) {
    if (isAfter.has(stepKey(step)))
      while (rest[0] !== undefined && !shared.has(stepKey(rest[0])))
        rows.push(rest.shift() as FlowStep)
    rows.push(step)
    const at = rest.findIndex((other) => stepKey(other) === stepKey(step))
    if (at >= 0) rest.splice(at, 1)
  }
  return [...rows, ...rest]
}
