import type { ExportRow } from './export-rows.ts'

const columns = [
  'learner',
  'name',
  'lab',
  'openedAt',
  'predictedAt',
  'prediction',
  'confidence',
  'rightAnswer',
  'wasRight',
  'firstVerdict',
  'firstVerdictAt',
  'failedChecks',
  'verdicts',
  'heldAt',
  'minutesToHeld',
  'hints',
  'explanationCharacters',
  'askedForHelp',
  'seeds',
] as const satisfies readonly (keyof ExportRow)[]

/** A heading and one line per row (RFC 4180). */
export function toCsv(rows: readonly ExportRow[]): string {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])))
  return [columns, ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}

function cell(value: ExportRow[keyof ExportRow]): string {
  if (value === undefined) return ''
  const text = Array.isArray(value) ? value.join(' ') : String(value)
  // A spreadsheet runs a cell that begins like this as a formula, and learners choose their names.
  const harmless = /^[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
