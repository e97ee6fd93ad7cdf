import type { Cell, Matrix } from '../matrix.ts'

/** A cell with different results in several matrices of the same flow and code. */
export interface Disagreement {
  /** Key of the step, and the column. */
  readonly cell: string
  readonly results: readonly string[]
  /** At least one of the matrices marks the cell as dependent on timing. */
  readonly marked: boolean
}

export interface Agreement {
  /** Cells that every matrix has. */
  readonly cells: number
  /** Keys of steps that some of the matrices do not have. */
  readonly unsteadySteps: readonly string[]
  readonly disagreements: readonly Disagreement[]
  /** Of all cells, the share (0..1) that at least one matrix marks as dependent on timing. */
  readonly sensitiveShare: number
}

/** Compares several matrices of the same flow and code, cell by cell. */
export function agreementOf(matrices: readonly Matrix[]): Agreement {
  const keyed = matrices.map(cellsByKey)
  const everything = new Set(keyed.flatMap((cells) => [...cells.keys()]))
  const shared = [...everything].filter((key) => keyed.every((cells) => cells.has(key)))
  const stepKeys = matrices.map(({ steps }) => steps.map(({ key }) => key))
  const unsteadySteps = [...new Set(stepKeys.flat())].filter(
    (key) => !stepKeys.every((keys) => keys.includes(key)),
  )
  const disagreements = shared.flatMap((key): Disagreement[] => {
    const cells = keyed.map((one) => one.get(key) as Cell)
    const results = cells.map(({ result }) => result)
    if (new Set(results).size === 1) return []
    return [{ cell: key, results, marked: cells.some(isSensitive) }]
  })
  const sensitive = shared.filter((key) =>
    keyed.some((cells) => isSensitive(cells.get(key) as Cell)),
  )
  return {
    cells: shared.length,
    unsteadySteps,
    disagreements,
    sensitiveShare: shared.length === 0 ? 0 : sensitive.length / shared.length,
  }
}

function cellsByKey({ steps, cells }: Matrix): ReadonlyMap<string, Cell> {
  const keyOf = new Map(steps.map(({ id, key }) => [id, key]))
  return new Map(cells.map((cell) => [`${keyOf.get(cell.step) ?? ''} / ${cell.column}`, cell]))
}

function isSensitive({ timingSensitive }: Cell): boolean {
  return timingSensitive === true
}
