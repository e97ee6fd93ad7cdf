import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

import { flowDiagramSvg } from '#chaos/report/flow-diagram/flow-diagram-svg.ts'

import type { Matrix } from '../matrix.ts'
import { columnNamed } from '../planning/columns.ts'
import { comparisonOfCell, flowOfHistory } from './cell-history.ts'

/** The diagrams of a page by the id of their cell, and the run without a fault. */
interface CellDiagrams {
  readonly cells: Readonly<Record<string, string>>
  readonly withoutFault: string
}

/**
 * The space-time diagram of every cell with a history, for a page that must work from a file: JSON of {@link CellDiagrams},
 * compressed and in Base64. Two hundred diagrams have the size of a picture then.
 */
export async function drawCells({ baseline, cells, flow }: Matrix): Promise<string> {
  const drawn: Record<string, string> = {}
  for (const { id, column, history } of cells) {
    if (history === undefined) continue
    const isStopped = columnNamed(column)?.act !== 'late'
    const cell = { id, history, withoutFault: baseline.history, isStopped }
    drawn[id] = flowDiagramSvg(comparisonOfCell(cell), { isBeside: false })
    // A controller has other work meanwhile: its heartbeat keeps the faults of the links alive.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const title = `${flow} without a fault`
  const regular = flowOfHistory(baseline.history, { id: flow, title, isStopped: false })
  const diagrams: CellDiagrams = { cells: drawn, withoutFault: flowDiagramSvg(regular) }
  return (await promisify(gzip)(JSON.stringify(diagrams), { level: 9 })).toString('base64')
}
