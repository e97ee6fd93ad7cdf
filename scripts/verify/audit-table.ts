import type { Row } from './run-verify.ts'
import { median } from './summary-table.ts'

const begin = '<!-- labs: written by `npm run labs:audit` -->'
const end = '<!-- end of labs -->'

/** One line per version: what it promises, how often that came out, how long a check takes. */
export function auditTable(rows: readonly Row[]): string {
  const lines = rows.map(({ task, rounds }) => {
    const [, lab = '', ...version] = task.name.split('/')
    const good = rounds.filter(({ ok }) => ok).length
    const seconds =
      rounds.length === 0 ? '' : median(rounds.map((round) => round.seconds)).toFixed(1)
    return `| ${lab} | ${version.join('/')} | ${task.expected} | ${good} of ${rounds.length} | ${seconds} |`
  })
  return [
    '| lab | version | promised | came out | median s |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}

/** Puts the table in its place. Throws a RangeError when the text has no place for it. */
export function withAuditTable(text: string, table: string): string {
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from === -1 || to < from) throw new RangeError(`no "${begin}" ... "${end}"`)
  return `${text.slice(0, from)}${begin}\n${table}\n${text.slice(to)}`
}
