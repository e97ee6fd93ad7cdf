import { isBad } from '../judging/cell-results.ts'
import type { Matrix } from '../matrix.ts'
import { columnNamed } from './columns.ts'
import { prunedBy } from './prune.ts'

/** A cell of a full matrix that did not come out as the one that would have stood for it. */
export interface PruningMistake {
  readonly cell: string
  readonly verdict: string
  readonly sameAs: string
  readonly other: string
  readonly rule: string
  /** One is broken and the other is not: pruning would have hidden something, or invented it. */
  readonly grave: boolean
}

/** Holds the rules of pruning against a full matrix: would `--quick` have said the same? */
export function pruningMistakes(matrix: Matrix): PruningMistake[] {
  const byId = new Map(matrix.cells.map((cell) => [cell.id, cell]))
  return matrix.cells.flatMap((cell): PruningMistake[] => {
    const step = matrix.steps.find(({ id }) => id === cell.step)
    const column = columnNamed(cell.column)
    if (step === undefined || column === undefined || cell.client === undefined) return []
    const pruned = prunedBy(step, column, matrix.steps)
    const other = byId.get(pruned?.sameAs ?? '')
    if (pruned === undefined || other?.client === undefined) return []
    if (cell.verdict === other.verdict) return []
    return [
      {
        cell: cell.id,
        verdict: cell.verdict,
        ...pruned,
        other: other.verdict,
        grave: isBad(cell.verdict) !== isBad(other.verdict),
      },
    ]
  })
}
