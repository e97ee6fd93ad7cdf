import { InputError } from '#chaos/lib/errors.ts'

import type { Cell, Matrix } from './matrix.ts'
import type { Baseline } from './planning/baseline.ts'
import { columnNamed } from './planning/columns.ts'
import { runCell } from './run-cell.ts'
import type { XraySandbox } from './xray-sandbox.ts'

/** A cell that can be run again. */
export interface Replayable {
  readonly cell: Cell
  readonly baseline: Baseline
  run(stack: XraySandbox): Promise<Cell>
}

/**
 * The cell of a matrix with everything that running it again takes. A pruned cell is run itself, not the one that stands
 * for it. Throws {@link InputError} for a cell that is not there or makes no sense.
 */
export function replayOf(matrix: Matrix, id: string): Replayable {
  const cell = matrix.cells.find((one) => one.id === id)
  const step = matrix.steps.find((one) => one.id === cell?.step)
  const column = cell === undefined ? undefined : columnNamed(cell.column)
  if (cell === undefined || step === undefined || column === undefined)
    throw new InputError(`There is no cell "${id}" in this X-ray.`, {
      status: 404,
      remedy: `Cells are called like ${matrix.cells[0]?.id ?? 's01/request-cut'}: a row, a slash, a column.`,
    })
  if (cell.verdict === 'n/a')
    throw new InputError(`The cell "${id}" makes no sense: ${cell.why ?? ''}.`, {
      remedy: 'Choose another one.',
    })
  const idle = matrix.background.filter(({ because }) => because === 'idle')
  const baseline: Baseline = {
    steps: matrix.steps,
    background: matrix.background,
    idle: new Set(idle.map(({ key }) => key)),
  }
  return {
    cell,
    baseline,
    run: async (stack) => await runCell({ stack, flow: matrix.flow, baseline, step, column }),
  }
}
