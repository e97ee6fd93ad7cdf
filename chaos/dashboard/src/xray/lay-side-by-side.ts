import {
  type CellChange,
  diffMatrices,
  keyOf,
  type MatrixDiff,
} from '../../../xray/judging/diff.ts'
import type { XrayMatrix } from '../../../xray/live/xray-view.ts'
import type { Cell, Step } from '../../../xray/matrix.ts'
import { columns } from '../../../xray/planning/columns.ts'

/** One message, in the matrices that have it. */
export interface PairedRow {
  readonly key: string
  readonly step: Step
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
export function laySideBySide(
  before: XrayMatrix,
  after: XrayMatrix,
): { readonly rows: readonly PairedRow[]; readonly diff: MatrixDiff } {
  const diff = diffMatrices(before, after)
  const changes = new Map(diff.changes.map(({ key, column, what }) => [`${key}\n${column}`, what]))
  const [left, right] = [cellsOf(before), cellsOf(after)]
  const rows = stepsOfBoth(before.steps, after.steps).map((step): PairedRow => {
    const key = keyOf(step)
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
export function shownAs(cell: Cell, { cells }: XrayMatrix): Cell['verdict'] {
  if (cell.verdict !== 'pruned') return cell.verdict
  return cells.find(({ id }) => id === cell.sameAs)?.verdict ?? cell.verdict
}

function cellsOf({ steps, cells }: XrayMatrix): ReadonlyMap<string, Cell> {
  const keys = new Map(steps.map((step) => [step.id, keyOf(step)]))
  return new Map(cells.map((cell) => [`${keys.get(cell.step) ?? ''}\n${cell.column}`, cell]))
}

/** In the order of the flow; what only one of them has stands where it has it. */
function stepsOfBoth(before: readonly Step[], after: readonly Step[]): readonly Step[] {
  const shared = new Set(before.map(keyOf))
  const rest = after.slice()
  const rows: Step[] = []
  const isAfter = new Set(after.map(keyOf))
  for (const step of before) {
    if (isAfter.has(keyOf(step)))
      while (rest[0] !== undefined && !shared.has(keyOf(rest[0]))) rows.push(rest.shift() as Step)
    rows.push(step)
    const at = rest.findIndex((other) => keyOf(other) === keyOf(step))
    if (at >= 0) rest.splice(at, 1)
  }
  return [...rows, ...rest]
}
