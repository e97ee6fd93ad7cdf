import { escapeHtml } from '#chaos/lib/escape-html.ts'
import { reportStyle } from '#chaos/report/report-style.ts'

import type { Grade, GradeOutcome } from '../grade.ts'

const style = `
.verdict.broken{border-color:var(--fault)}.verdict.broken b{color:var(--fault)}td.broken{color:var(--fault)}
.grades td.held,.grades td.violated,.grades td.broken,.grades td.inconclusive{white-space:nowrap}
.grades a{color:inherit}a{color:var(--accent)}
`

/** A page that loads no other file. `body` is HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>${reportStyle}${style}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`
}

const outcomes: readonly GradeOutcome[] = ['held', 'violated', 'inconclusive', 'broken']

/** `3 held, 2 violated`. */
export function countText(grades: readonly Pick<Grade, 'outcome'>[]): string {
  return outcomes
    .map((outcome) => ({
      outcome,
      count: grades.filter((grade) => grade.outcome === outcome).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${outcome}`)
    .join(', ')
}
