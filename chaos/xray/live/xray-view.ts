import type { XraySummary } from '#chaos/contracts/api.ts'

import type { Cell, Matrix, Summary } from '../matrix.ts'

/** A matrix, finished or not: while it fills it has neither classes nor a summary, and at first not even steps. */
export interface XrayMatrix extends Omit<Matrix, 'v' | 'kind' | 'summary'> {
  readonly summary: Summary | null
}

/** What the control API says about one X-ray. */
export interface XrayView extends XraySummary {
  readonly matrix: XrayMatrix
}

/** A cell without what only its story needs. */
export function withoutCourse(cell: Cell): Cell {
  const { course, ...rest } = cell
  return course === undefined ? cell : rest
}
