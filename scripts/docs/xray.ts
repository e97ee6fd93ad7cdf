import { resultLooks } from '#chaos/xray/judging/cell-results.ts'
import { columns } from '#chaos/xray/planning/columns.ts'

import { markdownTable } from './markdown.ts'

/** What the columns of the matrix do to a message. */
export function xrayColumns(): string {
  return markdownTable(
    ['column', 'in a plan', 'what happens'],
    columns.map(({ heading, id, words }) => [heading, `\`${id}\``, words]),
  )
}

/** What a cell may say. */
export function xrayVerdicts(): string {
  return markdownTable(
    ['in the matrix', 'verdict', 'colour', 'meaning'],
    Object.entries(resultLooks).map(([name, { word, colour, meaning }]) => [
      word,
      name,
      colour,
      meaning,
    ]),
  )
}
