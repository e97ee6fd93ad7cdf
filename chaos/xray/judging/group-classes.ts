import type { ResultMeanings } from '#chaos/contracts/system/flow.ts'

import type { Cell, CellClass } from '../matrix.ts'
import { lookOf, rankOf } from './cell-results.ts'

/**
 * Groups the cells with the same result and the same history into classes, the worst first, and
 * gives each cell the id of its class.
 */
export function groupClasses(
  cells: readonly Cell[],
  meanings?: ResultMeanings,
): {
  readonly cells: readonly Cell[]
  readonly classes: readonly CellClass[]
} {
  const groups = new Map<string, Cell[]>()
  for (const cell of cells) {
    if (cell.client === undefined) continue
    const print = fingerprint(cell)
    groups.set(print, [...(groups.get(print) ?? []), cell])
  }
  const sorted = [...groups].toSorted(([, a], [, b]) => rank(a) - rank(b) || b.length - a.length)
  const idOf = new Map(sorted.map(([print], i) => [print, `c${i + 1}`]))
  return {
    cells: cells.map((cell) => {
      const id = cell.client === undefined ? undefined : idOf.get(fingerprint(cell))
      return id === undefined ? cell : { ...cell, class: id }
    }),
    classes: sorted.map(([print, members]) => ({
      id: idOf.get(print) ?? '',
      result: members[0]?.result ?? 'ok',
      title: titleOf(members, meanings),
      cells: members.map(({ id }) => id),
    })),
  }
}

/**
 * Cells with the same fingerprint form a class: the same result, client outcome and stores, and the
 * same repeated exchanges between services. It ignores how often an exchange is repeated, and which
 * SQL statements a repeated job reaches: both depend on milliseconds.
 */
function fingerprint({ result, client, global = '', newSteps = [] }: Cell): string {
  const again = newSteps.map((key) => key.slice(0, key.lastIndexOf('|')))
  const between = new Set(again.filter((name) => !name.includes(':postgres|')))
  return JSON.stringify([
    result,
    client,
    global.replaceAll(/\d+ times/g, 'several times'),
    again.length > 0,
    [...between].toSorted(),
  ])
}

function rank(cells: readonly Cell[]): number {
  return cells[0] === undefined ? Infinity : rankOf(cells[0].result)
}

function titleOf([first]: readonly Cell[], meanings?: ResultMeanings): string {
  if (first === undefined) return ''
  const { meaning } = lookOf(first.result, meanings)
  return `${meaning} (${first.global ?? ''}; client outcome: ${first.client ?? ''})`
}
