import { resultLooks } from '../../../xray/judging/cell-results.ts'
import type { Cell, FlowStep } from '../../../xray/matrix.ts'
import { columnNamed } from '../../../xray/planning/columns.ts'

/** The word in a cell, with the count of runs when the results differ. */
export function cellWord(cell: Cell): string {
  const { word } = resultLooks[cell.result]
  return cell.timingSensitive === true ? `${word} ${cell.confirmed ?? ''}` : word
}

/** The accessible name of a cell. `meaning`: of its result. */
export function cellName(cell: Cell, step: FlowStep | undefined, meaning: string): string {
  const heading = columnNamed(cell.column)?.heading ?? cell.column
  return `${cell.step} ${step?.signature ?? ''}, ${heading}: ${cellWord(cell)}, ${meaning}`
}

/** `s07` `api:postgres` `COMMIT #2` */
export function stepLabelWords(step: FlowStep): { readonly link: string; readonly what: string } {
  return { link: step.link, what: `${step.signature}${step.nth > 1 ? ` #${step.nth}` : ''}` }
}
