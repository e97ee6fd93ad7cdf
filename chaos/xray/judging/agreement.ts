import type { Cell, Matrix } from '../matrix.ts'

/** A cell that came out differently in runs of the same matrix. */
export interface Disagreement {
  /** What the message is, and the column. */
  readonly cell: string
  readonly verdicts: readonly string[]
  /** One of the runs has said by itself that it depends on timing. */
  readonly marked: boolean
}

export interface Agreement {
  /** Cells that are in every run. */
  readonly cells: number
  /** Steps that are not in every run. */
  readonly unsteadySteps: readonly string[]
  readonly disagreements: readonly Disagreement[]
  /** Of all cells, the share that some run has marked as depending on timing. */
  readonly sensitiveShare: number
}

/** Lays several runs of the same matrix on top of each other. */
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
    const verdicts = cells.map(({ verdict }) => verdict)
    if (new Set(verdicts).size === 1) return []
    return [{ cell: key, verdicts, marked: cells.some(isSensitive) }]
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
