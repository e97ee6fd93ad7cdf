import { type CellResult, type Colour, resultLooks } from '../judging/cell-results.ts'
import type { Cell, Matrix, FlowStep } from '../matrix.ts'
import { columns } from '../planning/columns.ts'
import { endedLines } from './ended-lines.ts'

/** Colours a text; returns the text as it is where there is no terminal. */
export type Paint = (colour: Colour, text: string) => string

export const plain: Paint = (_, text) => text

const cellWidth = 9
const classesShown = 6

/** The matrix as lines of text: rows in the order of the flow, one word per cell. */
export function matrixText(
  steps: readonly FlowStep[],
  cells: readonly Cell[],
  paint: Paint = plain,
): string[] {
  const byId = new Map(cells.map((cell) => [cell.id, cell]))
  const rowWidth = Math.max(20, ...steps.map((step) => stepLabel(step).length)) + 2
  const headings = columns.map(({ heading }) => heading.split(' '))
  const lines = [0, 1].map((i) => {
    const words = headings.map((heading) => (heading[i] ?? '').padEnd(cellWidth))
    return `${' '.repeat(rowWidth)}${words.join('')}`.trimEnd()
  })
  for (const step of steps) {
    const row = columns.map((column) => cellText(byId.get(`${step.id}/${column.id}`), paint))
    lines.push(`${stepLabel(step).padEnd(rowWidth)}${row.join('')}`.trimEnd())
  }
  return lines
}

/** `s07 worker:payments POST /charges` */
export function stepLabel(step: FlowStep): string {
  return `${step.id} ${step.link} ${step.signature}${step.nth > 1 ? ` #${step.nth}` : ''}`
}

function cellText(cell: Cell | undefined, paint: Paint): string {
  if (cell === undefined) return '…'.padEnd(cellWidth)
  const { colour, word } = resultLooks[cell.result]
  const mark = cell.timingSensitive === true ? ` ${cell.confirmed ?? ''}` : ''
  const text = `${word}${mark}`.slice(0, cellWidth - 1)
  return paint(colour, text) + ' '.repeat(cellWidth - text.length)
}

/** The figures under a matrix. */
export function summaryText(matrix: Matrix): string[] {
  const { summary, classes, flow, variant } = matrix
  const { cells, ran, integrity, liveness, ok, notFired, sensitive, pruned, seconds } = summary
  const { more = 0, notRun = 0 } = summary
  const rate = seconds > 0 ? Math.round((ran / seconds) * 60) : 0
  const bad = classes.filter(({ result }) => isFailure(result))
  return [
    `${flow} of ${variant}: ${cells} cells, ${ran} run in ${Math.round(seconds)} s (${rate} per minute)`,
    `${integrity} violate integrity (red), ${liveness} violate liveness (orange), ${ok} are fine, ${notFired} did not fire, ${sensitive} depend on timing` +
      (more > 0 ? `, ${more} have more rows than one effect (yellow)` : '') +
      (pruned > 0 ? `, ${pruned} pruned (another cell represents each)` : ''),
    ...(notRun > 0 ? [whyNotRun(summary, notRun)] : []),
    ...bad
      .slice(0, classesShown)
      .map(
        ({ id, cells: members, title }) =>
          `${id}: ${members.length} ${members.length === 1 ? 'cell' : 'cells'}: ${title}`,
      ),
    ...(bad.length > classesShown
      ? [`and ${bad.length - classesShown} more classes of broken cells: see xray.html`]
      : []),
    ...endedLines(matrix),
  ]
}

function whyNotRun(summary: Matrix['summary'], notRun: number): string {
  const { ran, seconds, stopped } = summary
  if (stopped !== undefined) return `${notRun} cells did not run: the X-ray stopped: ${stopped}`
  if (ran > 0)
    return `${notRun} cells did not run: the budget ended. Run them: --budget ${budgetFor(summary)}`
  return `No cell ran: the runs without a fault took ${Math.round(seconds)} s, the whole budget. An X-ray restarts processes and waits for each: look for one that starts slowly or crashes in a loop (unhappy status). Stop it, or give more time: --budget`
}

/** A budget, in minutes, in which all cells should run at the speed of this X-ray. */
function budgetFor({ ran, notRun = 0, seconds }: Matrix['summary']): string {
  return `${Math.max(1, Math.ceil(((seconds / Math.max(1, ran)) * (ran + notRun)) / 60))}m`
}

function isFailure(result: CellResult): boolean {
  const { colour } = resultLooks[result]
  return colour === 'red' || colour === 'orange'
}
