import type { XraySummary } from '#chaos/contracts/api.ts'

import type { Cell, Matrix, Summary } from '../matrix.ts'

/**
 * A matrix, finished or not. While it fills it has neither classes nor a summary, and at first no
 * steps.
 */
export interface XrayMatrix extends Omit<Matrix, 'v' | 'kind' | 'summary'> {
  readonly summary: Summary | null
}

/** The API's response about one X-ray. */
export interface XrayView extends XraySummary {
  readonly matrix: XrayMatrix
}

/** A cell without its history, which only its story needs. */
export function withoutHistory(cell: Cell): Cell {
  const { history, ...rest } = cell
  return history === undefined ? cell : rest
}
