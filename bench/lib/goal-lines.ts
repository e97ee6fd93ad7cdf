import type { Goal } from './bench.ts'
import type { FigureRow } from './rounds.ts'

/** One line per goal that was measured: reached or missed, and by how much. */
export function goalLines(goals: readonly Goal[], rows: readonly FigureRow[]): string[] {
  return goals.flatMap(({ text, value, atLeast, atMost }) => {
    const measured = value(rows)
    if (Number.isNaN(measured)) return []
    const reached = measured >= (atLeast ?? -Infinity) && measured <= (atMost ?? Infinity)
    const bound = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`
    return [`${reached ? 'reached' : 'MISSED '}  ${text}: ${measured.toFixed(2)} (${bound})`]
  })
}
