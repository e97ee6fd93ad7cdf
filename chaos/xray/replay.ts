import { InputError } from '#chaos/lib/errors.ts'

import { flowNamed } from './flow-named.ts'
import type { Cell, Matrix } from './matrix.ts'
import type { Baseline } from './planning/baseline.ts'
import { columnNamed } from './planning/columns.ts'
import { runCell } from './run-cell.ts'
import type { XraySandbox } from './xray-sandbox.ts'

/** A cell that can run again. */
export interface Replayable {
  readonly cell: Cell
  readonly baseline: Baseline
  run(sandbox: XraySandbox): Promise<Cell>
}

/**
 * Prepares to run one cell of a matrix again. A pruned cell runs itself; the cell that represents
 * it does not replace it. Throws {@link InputError} for a cell that does not exist or does not
 * apply.
 */
export function replayOf(matrix: Matrix, id: string): Replayable {
  const cell = matrix.cells.find((one) => one.id === id)
  const step = matrix.steps.find((one) => one.id === cell?.step)
  const column = cell === undefined ? undefined : columnNamed(cell.column)
  if (cell === undefined || step === undefined || column === undefined)
    throw new InputError(`There is no cell "${id}" in this X-ray.`, {
      status: 404,
      remedy: `Give a row, a slash and a column, for example ${matrix.cells[0]?.id ?? 's01/request-cut'}.`,
    })
  if (cell.result === 'n/a')
    throw new InputError(`The cell "${id}" does not apply: ${cell.why ?? ''}.`, {
      remedy: 'Choose another cell.',
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
    run: async (sandbox) => {
      const named = flowNamed(sandbox.sandbox.system, matrix.flow)
      const { learned } = matrix
      const flow = learned === undefined ? named : (named.learning?.recall(learned) ?? named)
      return await runCell({ sandbox, flow, baseline, step, column })
    },
  }
}
