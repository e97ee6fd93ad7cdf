import type { Cell, CellClass } from '../matrix.ts'
import { rankOf, resultLooks } from './cell-results.ts'

/** Groups cells that came to the same end on the same way, worst first; gives each cell the id of its class. */
export function groupClasses(cells: readonly Cell[]): {
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
      verdict: members[0]?.verdict ?? 'ok',
      title: titleOf(members),
      cells: members.map(({ id }) => id),
    })),
  }
}

/**
 * What came of it, and what was done again between the services: not how often (that is a matter of milliseconds), and not
 * which statements of a job that was worked on again were reached.
 */
function fingerprint({ verdict, client, global = '', newSteps = [] }: Cell): string {
  const again = newSteps.map((key) => key.slice(0, key.lastIndexOf('|')))
  const between = new Set(again.filter((name) => !name.includes(':postgres|')))
  return JSON.stringify([
    verdict,
    client,
    global.replaceAll(/\d+ times/g, 'several times'),
    again.length > 0,
    [...between].toSorted(),
  ])
}

function rank(cells: readonly Cell[]): number {
  return cells[0] === undefined ? Infinity : rankOf(cells[0].verdict)
}

function titleOf([first]: readonly Cell[]): string {
  if (first === undefined) return ''
  const { meaning } = resultLooks[first.verdict]
  return `${meaning} (${first.global ?? ''}; the client: ${first.client ?? ''})`
}
