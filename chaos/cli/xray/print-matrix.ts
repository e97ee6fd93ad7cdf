import { isBad } from '#chaos/xray/judging/cell-results.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { learnedLines } from '#chaos/xray/showing/learned-lines.ts'
import { matrixText, summaryText } from '#chaos/xray/showing/matrix-text.ts'

import type { Cli } from '../cli.ts'
import { withProgramName } from '../program-name.ts'
import { evidenceLines } from './evidence-lines.ts'
import { painter } from './painter.ts'
import type { SavedMatrix } from './save-matrix.ts'

/** Prints the matrix, its figures, the story of the worst cell, and the paths of its files. */
export function printMatrix(cli: Cli, matrix: Matrix, files: SavedMatrix): void {
  const { out, program } = cli
  const { bold, dim } = out.colours
  for (const line of matrixText(matrix.steps, matrix.cells, painter(out))) out.line(line)
  out.line()
  const [first = '', ...rest] = summaryText(matrix)
  out.line(bold(first))
  for (const line of rest) out.line(line)
  if (matrix.learned !== undefined) {
    out.line(`\n${bold('One run without a fault')}`)
    for (const line of learnedLines(matrix.learned)) out.line(`  ${line}`)
  }
  const [worst] = matrix.classes
  const cell = matrix.cells.find(({ id }) => id === worst?.cells[0])
  if (cell !== undefined && isBad(cell.result)) {
    out.line(`\n${bold(`${cell.id} (${cell.confirmed ?? '1/1'})`)}  ${cell.story ?? ''}`)
    const evidence = cell.evidence?.filter(({ sign }) => sign !== ' ') ?? []
    for (const line of evidenceLines(evidence, out)) out.line(`  ${line}`)
    out.line(
      dim(`  Run this cell again: ${withProgramName(`unhappy xray replay ${cell.id}`, program)}`),
    )
  }
  out.line(`\npage  ${files.page}\ndata  ${files.json}`)
}
