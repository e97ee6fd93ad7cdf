import { isBad } from '../judging/cell-results.ts'
import type { Matrix } from '../matrix.ts'
import { columnNamed } from './columns.ts'
import { prunedBy, prunedByResult } from './prune.ts'

/** A cell of a full matrix with another result than the cell that would represent it. */
export interface PruningMistake {
  readonly cell: string
  readonly result: string
  readonly sameAs: string
  readonly other: string
  readonly rule: string
  /** One of the two is bad and the other is not: pruning would hide a finding or invent one. */
  readonly grave: boolean
}

/** Checks the pruning rules against a full matrix: would `--quick` give the same results? */
export function pruningMistakes(matrix: Matrix): PruningMistake[] {
  const byId = new Map(matrix.cells.map((cell) => [cell.id, cell]))
  return matrix.cells.flatMap((cell): PruningMistake[] => {
    const step = matrix.steps.find(({ id }) => id === cell.step)
    const column = columnNamed(cell.column)
    if (step === undefined || column === undefined || cell.client === undefined) return []
    const pruned =
      prunedBy(step, column, matrix.steps) ??
      prunedByResult(step, column, (id) => byId.get(id)?.result)
    const other = byId.get(pruned?.sameAs ?? '')
    if (pruned === undefined || other?.client === undefined) return []
    if (cell.result === other.result) return []
    return [
      {
        cell: cell.id,
        result: cell.result,
        ...pruned,
        other: other.result,
        grave: isBad(cell.result) !== isBad(other.result),
      },
    ]
  })
}
