import { median } from '#chaos/lib/percentile.ts'

import type { Round } from './past-rounds.ts'
import type { Task } from './task.ts'

/** The lines before and after a table in docs/measurements.md. */
export interface TableMarks {
  readonly begin: string
  readonly end: string
}

export const localMarks: TableMarks = {
  begin: '<!-- labs: written by `npm run labs:audit` -->',
  end: '<!-- end of labs -->',
}

export const dockerMarks: TableMarks = {
  begin: '<!-- labs in Docker: written by `npm run labs:audit -- --docker` -->',
  end: '<!-- end of labs in Docker -->',
}

interface Row {
  readonly task: Pick<Task, 'name' | 'expected'>
  readonly rounds: readonly Pick<Round, 'ok' | 'seconds'>[]
}

/** One row per version: its expected verdict, how often that was the actual verdict, and how long a check takes. */
export function versionTable(rows: readonly Row[]): string {
  const lines = rows.map(({ task, rounds }) => {
    const [, lab = '', ...version] = task.name.split('/')
    return `| ${lab} | ${version.join('/')} | ${task.expected} | ${kOfN(rounds)} | ${medianSeconds(rounds)} |`
  })
  return [
    '| lab | version | expected | as expected | median s |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}

/** One row per lab: how often its versions had the expected verdict, and how long a check takes. */
export function labTable(rows: readonly Row[]): string {
  const byLab = Map.groupBy(rows, ({ task }) => task.name.split('/')[1] ?? '')
  const lines = [...byLab].map(([lab, versions]) => {
    const rounds = versions.flatMap((version) => version.rounds)
    return `| ${lab} | ${versions.length} | ${kOfN(rounds)} | ${medianSeconds(rounds)} |`
  })
  return ['| lab | versions | as expected | median s |', '|---|---|---|---|', ...lines].join('\n')
}

/** The text with the table between its marks. Throws a RangeError if the text does not have them. */
export function withAuditTable(text: string, { begin, end }: TableMarks, table: string): string {
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from === -1 || to < from)
    throw new RangeError(`docs/measurements.md needs the lines ${begin} and ${end}`)
  return `${text.slice(0, from)}${begin}\n${table}\n${text.slice(to)}`
}

function kOfN(rounds: Row['rounds']): string {
  return `${rounds.filter(({ ok }) => ok).length} of ${rounds.length}`
}

function medianSeconds(rounds: Row['rounds']): string {
  return rounds.length === 0 ? '' : median(rounds.map(({ seconds }) => seconds)).toFixed(1)
}
