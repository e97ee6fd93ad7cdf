import { violatedChecks } from '../grade.ts'
import type { GradedLab } from '../grade.ts'

const columns = [
  'learner',
  'file',
  'lab',
  'verdict',
  'failed checks',
  'reason',
  'seed',
  'seconds',
] as const

/** One line per lab of a learner, as RFC 4180 says, with a line of names first. */
export function gradesCsv(graded: readonly GradedLab[]): string {
  const rows = graded.map(({ learner, file, lab, grade }) => [
    learner,
    file,
    lab,
    grade.outcome,
    violatedChecks(grade).join(' '),
    grade.headline,
    grade.seed === undefined ? '' : String(grade.seed),
    (grade.tookMs / 1_000).toFixed(1),
  ])
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/** A spreadsheet runs a text that begins like a formula: an apostrophe makes it a text again. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && text !== '-' ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
