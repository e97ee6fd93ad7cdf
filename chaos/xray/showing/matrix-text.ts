import { type CellResult, type Colour, resultLooks } from '../judging/cell-results.ts'
import type { Cell, Matrix, Step } from '../matrix.ts'
import { columns } from '../planning/columns.ts'

/** Puts a colour around a text; the identity where there is no terminal. */
export type Paint = (colour: Colour, text: string) => string

export const plain: Paint = (_, text) => text

const cellWidth = 9
const classesShown = 6

/** The matrix as lines of text: rows in the order of the flow, one word a cell. */
export function matrixText(
  steps: readonly Step[],
  cells: readonly Cell[],
  paint: Paint = plain,
): string[] {
  const byId = new Map(cells.map((cell) => [cell.id, cell]))
  const rowWidth = Math.max(20, ...steps.map((step) => labelOf(step).length)) + 2
  const headings = columns.map(({ heading }) => heading.split(' '))
  const lines = [0, 1].map((i) => {
    const words = headings.map((heading) => (heading[i] ?? '').padEnd(cellWidth))
    return `${' '.repeat(rowWidth)}${words.join('')}`.trimEnd()
  })
  for (const step of steps) {
    const row = columns.map((column) => cellText(byId.get(`${step.id}/${column.id}`), paint))
    lines.push(`${labelOf(step).padEnd(rowWidth)}${row.join('')}`.trimEnd())
  }
  return lines
}

/** `s07 worker:payments POST /charges` */
export function labelOf(step: Step): string {
  return `${step.id} ${step.link} ${step.signature}${step.nth > 1 ? ` #${step.nth}` : ''}`
}

function cellText(cell: Cell | undefined, paint: Paint): string {
  if (cell === undefined) return '…'.padEnd(cellWidth)
  const { colour, word } = resultLooks[cell.verdict]
  const mark = cell.timingSensitive === true ? ` ${cell.confirmed ?? ''}` : ''
  const text = `${word}${mark}`.slice(0, cellWidth - 1)
  return paint(colour, text) + ' '.repeat(cellWidth - text.length)
}

/** The figures under a matrix. */
export function summaryText({ summary, classes, flow, variant }: Matrix): string[] {
  const { cells, ran, integrity, liveness, ok, notFired, sensitive, pruned, seconds } = summary
  const rate = seconds > 0 ? Math.round((ran / seconds) * 60) : 0
  const bad = classes.filter(({ verdict }) => isFailure(verdict))
  return [
    `${flow} of ${variant}: ${cells} cells, ${ran} run in ${Math.round(seconds)} s (${rate} a minute)`,
    `${integrity} lose integrity, ${liveness} do not end, ${ok} are fine, ${notFired} did not fire, ${sensitive} depend on timing` +
      (pruned > 0 ? `, ${pruned} left out (another cell stands for each)` : ''),
    ...bad
      .slice(0, classesShown)
      .map(({ id, cells: members, title }) => `${id}: ${members.length} cells: ${title}`),
    ...(bad.length > classesShown
      ? [`and ${bad.length - classesShown} more classes of broken cells: see the page`]
      : []),
  ]
}

function isFailure(verdict: CellResult): boolean {
  const { colour } = resultLooks[verdict]
  return colour === 'red' || colour === 'orange'
}
