import { escapeHtml } from '#chaos/lib/escape-html.ts'

import type { ExportRow } from './export-rows.ts'

/** A document of headings, paragraphs and tables, for Markdown and HTML. */
export interface ExportDocument {
  readonly title: string
  readonly about: string
  readonly sections: readonly {
    readonly title: string
    readonly columns: readonly string[]
    readonly rows: readonly (readonly string[])[]
  }[]
}

/** One table for the group, then one for each learner. */
export function groupDocument(
  title: string,
  startedAt: string,
  rows: readonly ExportRow[],
): ExportDocument {
  const labs = [...new Set(rows.map(({ lab }) => lab))]
  const learners = [...new Map(rows.map((row) => [row.learner, row.name]))]
  return {
    title,
    about: `Started ${startedAt}. ${learners.length} learners with reports, ${labs.length} labs.`,
    sections: [
      {
        title: 'Group',
        columns: ['Lab', 'Learners', 'Predicted', 'Right', 'Held', 'Runs', 'Hints', 'Help'],
        rows: labs.map((lab) =>
          groupRow(
            lab,
            rows.filter((row) => row.lab === lab),
          ),
        ),
      },
      ...learners.map(([id, name]) =>
        learnerSection(
          name,
          rows.filter((row) => row.learner === id),
        ),
      ),
    ],
  }
}

export function learnerDocument(name: string, rows: readonly ExportRow[]): ExportDocument {
  return { title: name, about: `${rows.length} labs.`, sections: [learnerSection('Labs', rows)] }
}

function groupRow(lab: string, rows: readonly ExportRow[]): readonly string[] {
  const count = (has: (row: ExportRow) => boolean): string => String(rows.filter(has).length)
  const sum = (of: (row: ExportRow) => number): string =>
    String(rows.reduce((before, row) => before + of(row), 0))
  return [
    lab,
    String(rows.length),
    count(({ prediction }) => prediction !== undefined),
    count(({ wasRight }) => wasRight === true),
    count(({ heldAt }) => heldAt !== undefined),
    sum(({ verdicts }) => verdicts),
    sum(({ hints }) => hints),
    sum(({ askedForHelp }) => askedForHelp),
  ]
}

function learnerSection(title: string, rows: readonly ExportRow[]) {
  return {
    title,
    columns: [
      'Lab',
      'Prediction',
      'Sure',
      'Right',
      'First verdict',
      'Runs',
      'Held after',
      'Hints',
      'Seeds',
    ],
    rows: rows.map((row) => [
      row.lab,
      row.prediction ?? '',
      row.confidence === undefined ? '' : `${row.confidence} %`,
      row.wasRight === undefined ? '' : row.wasRight ? 'yes' : `no: ${row.rightAnswer ?? ''}`,
      [row.firstVerdict ?? '', ...row.failedChecks].join(' '),
      String(row.verdicts),
      row.minutesToHeld === undefined ? '' : `${row.minutesToHeld} min`,
      String(row.hints),
      row.seeds.join(' '),
    ]),
  }
}

export function toMarkdown({ title, about, sections }: ExportDocument): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |`
  const tables = sections.map(({ title, columns, rows }) =>
    [
      `## ${markdownCell(title)}`,
      '',
      line(columns),
      `|${columns.map(() => '---').join('|')}|`,
      ...rows.map(line),
    ].join('\n'),
  )
  return `${[`# ${markdownCell(title)}`, about, ...tables].join('\n\n')}\n`
}

/** A name stays a text: characters with a meaning in Markdown are escaped. */
function markdownCell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#!&~]/g, String.raw`\$&`)
}

export function toHtml({ title, about, sections }: ExportDocument): string {
  const cells = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`
  const tables = sections.map(
    ({ title, columns, rows }) =>
      `<h2>${escapeHtml(title)}</h2>\n<table>\n${[cells('th', columns), ...rows.map((row) => cells('td', row))].join('\n')}\n</table>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem;color-scheme:light dark}table{border-collapse:collapse}td,th{border:1px solid;padding:.3rem .6rem;text-align:left;vertical-align:top}</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(about)}</p>
${tables.join('\n')}
</html>
`
}
