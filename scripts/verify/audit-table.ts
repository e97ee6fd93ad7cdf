import { median } from '#chaos/lib/percentile.ts'

import type { Round } from './memory.ts'
import type { Task } from './task.ts'

/** Where a table stands in the text: between these two lines. */
export interface Place {
  readonly begin: string
  readonly end: string
}

export const localPlace: Place = {
  begin: '<!-- labs: written by `npm run labs:audit` -->',
  end: '<!-- end of labs -->',
}

export const dockerPlace: Place = {
  begin: '<!-- labs in Docker: written by `npm run labs:audit -- --docker` -->',
  end: '<!-- end of labs in Docker -->',
}

interface Row {
  readonly task: Pick<Task, 'name' | 'expected'>
  readonly rounds: readonly Pick<Round, 'ok' | 'seconds'>[]
}

/** One line per version: what it promises, how often that came out, how long a check takes. */
export function versionTable(rows: readonly Row[]): string {
  const lines = rows.map(({ task, rounds }) => {
    const [, lab = '', ...version] = task.name.split('/')
    return `| ${lab} | ${version.join('/')} | ${task.expected} | ${kOfN(rounds)} | ${medianSeconds(rounds)} |`
  })
  return [
    '| lab | version | promised | came out | median s |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}

/** One line per lab: how often all of its versions came out as promised, and how long a check takes. */
export function labTable(rows: readonly Row[]): string {
  const byLab = Map.groupBy(rows, ({ task }) => task.name.split('/')[1] ?? '')
  const lines = [...byLab].map(([lab, versions]) => {
    const rounds = versions.flatMap((version) => version.rounds)
    return `| ${lab} | ${versions.length} | ${kOfN(rounds)} | ${medianSeconds(rounds)} |`
  })
  return [
    '| lab | versions | came out as promised | median s |',
    '|---|---|---|---|',
    ...lines,
  ].join('\n')
}

/** Puts the table in its place. Throws a RangeError when the text has no such place. */
export function withTable(text: string, { begin, end }: Place, table: string): string {
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from === -1 || to < from) throw new RangeError(`no "${begin}" ... "${end}"`)
  return `${text.slice(0, from)}${begin}\n${table}\n${text.slice(to)}`
}

function kOfN(rounds: Row['rounds']): string {
  return `${rounds.filter(({ ok }) => ok).length} of ${rounds.length}`
}

function medianSeconds(rounds: Row['rounds']): string {
  return rounds.length === 0 ? '' : median(rounds.map(({ seconds }) => seconds)).toFixed(1)
}
