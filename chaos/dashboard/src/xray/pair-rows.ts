import {
  type CellChange,
  diffMatrices,
  stepKey,
  type MatrixDiff,
} from '../../../xray/judging/diff.ts'
import type { XrayMatrix } from '../../../xray/live/xray-view.ts'
import type { Cell, FlowStep } from '../../../xray/matrix.ts'
import { columns } from '../../../xray/planning/columns.ts'

/** One message, in the matrices that have it. */
export interface PairedRow {
  readonly key: string
  readonly step: FlowStep
  readonly pairs: readonly PairedCell[]
}

export interface PairedCell {
  readonly column: string
  readonly before: Cell | undefined
  readonly after: Cell | undefined
  /** Absent: it is the same. */
  readonly what: CellChange['what'] | undefined
}

/** Two matrices, row by row by what the messages are: two versions may have different ones. */
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

/** A cell that was left out stands there as the one that stands for it. */
export function shownResult(cell: Cell, { cells }: XrayMatrix): Cell['result'] {
  if (cell.result !== 'pruned') return cell.result
  return cells.find(({ id }) => id === cell.sameAs)?.result ?? cell.result
}

function cellsOf({ steps, cells }: XrayMatrix): ReadonlyMap<string, Cell> {
  const keys = new Map(steps.map((step) => [step.id, stepKey(step)]))
  return new Map(cells.map((cell) => [`${keys.get(cell.step) ?? ''}\n${cell.column}`, cell]))
}

/** In the order of the flow; what only one of them has stands where it has it. */
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
