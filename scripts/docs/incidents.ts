import { readIncidents } from '../incidents/read-incidents.ts'
import { markdownTable } from './markdown.ts'

/** Every incident: its page, what happens, and the check that its naive version violates. */
export function incidentsTable(): string {
  const rows = readIncidents().map(({ name, title, summary, runs }) => [
    `[${title}](${name}.md)`,
    summary.replaceAll('\n', ' '),
    [...new Set(runs.flatMap(({ fails }) => fails ?? []))]
      .map((check) => `[${check}](../checks.md#${check})`)
      .join(', '),
  ])
  return markdownTable(['incident', 'what happens', 'the naive version violates'], rows)
}
