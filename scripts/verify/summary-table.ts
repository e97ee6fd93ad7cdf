import { textTable } from '#chaos/cli/ui/text-table.ts'
import { median } from '#chaos/lib/percentile.ts'

import type { Round } from './past-rounds.ts'
import type { Task } from './task.ts'

/** One row per task: k of N, and the median time of a round. */
export function summaryTable(
  rows: readonly {
    readonly task: Task
    readonly rounds: readonly Round[]
    readonly times: number
  }[],
): string {
  const columns = [
    { title: 'task' },
    { title: 'expected' },
    { title: 'as expected', align: 'right' as const },
    { title: 'median s', align: 'right' as const },
  ]
  const cells = rows.map(({ task, rounds, times }) => [
    task.name,
    task.expected,
    task.needs !== undefined
      ? `needs ${task.needs}`
      : `${rounds.filter(({ ok }) => ok).length} of ${rounds.length}${rounds.length < times ? ` (${times} planned)` : ''}`,
    rounds.length === 0 ? '' : median(rounds.map(({ seconds }) => seconds)).toFixed(1),
  ])
  return textTable(columns, cells, { width: process.stdout.columns || 120 })
}
