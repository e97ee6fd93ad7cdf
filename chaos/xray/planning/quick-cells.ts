import { isBad } from '../judging/cell-results.ts'
import { groupClasses } from '../judging/group-classes.ts'
import type { Cell, FlowStep } from '../matrix.ts'
import type { MatrixColumn } from './columns.ts'
import { prunedByResult } from './prune.ts'

/** A cell of a quick X-ray that is not pruned before the first run. */
export interface QuickCell {
  readonly step: FlowStep
  readonly column: MatrixColumn
}

/** The cell as pruned when the result of another cell already decides it. */
export function quickCellSettled(
  { step, column }: QuickCell,
  cells: ReadonlyMap<string, Cell>,
  subject?: string,
): Cell | undefined {
  const pruned = prunedByResult(step, column, (id) => cells.get(id)?.result, subject)
  if (pruned === undefined) return undefined
  const base = { id: `${step.id}/${column.id}`, step: step.id, column: column.id }
  return { ...base, result: 'pruned', ...pruned }
}

/**
 * The cells of a quick X-ray to run again: a class of bad cells needs two runs with the same result, of two cells or of
 * one.
 */
export function quickCellsToConfirm(
  cells: readonly Cell[],
  toRun: readonly QuickCell[],
): (QuickCell & { readonly cell: Cell })[] {
  const { classes } = groupClasses(cells)
  return classes
    .filter(({ result, cells: members }) => isBad(result) && members.length === 1)
    .flatMap(({ cells: [id] }) => {
      const cell = cells.find((one) => one.id === id)
      const work = toRun.find(({ step, column }) => `${step.id}/${column.id}` === id)
      return cell === undefined || work === undefined ? [] : [{ ...work, cell }]
    })
}
