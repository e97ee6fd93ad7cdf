import { system } from '#chaos/system.ts'
import { cellResults, lookOf } from '#chaos/xray/judging/cell-results.ts'
import { columns } from '#chaos/xray/planning/columns.ts'

import { markdownTable } from './markdown.ts'

/** The columns of the matrix: one fault on an exchange each. */
export function xrayColumns(): string {
  return markdownTable(
    ['column', 'id', 'fault'],
    columns.map(({ heading, id, words }) => [heading, `\`${id}\``, words]),
  )
}

/** The results that a cell can show. */
export function xrayResults(): string {
  return markdownTable(
    ['in the matrix', 'result', 'colour', 'meaning'],
    cellResults.map((result) => {
      const { word, colour, meaning } = lookOf(result, system.xray?.words?.meanings)
      return [word, result, colour, meaning]
    }),
  )
}
