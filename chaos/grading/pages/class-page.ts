import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { violatedChecks } from '../grade.ts'
import type { GradedLab } from '../grade.ts'
import { countText, page } from './page.ts'
import type { WrongFixes } from './wrong-fixes.ts'

/** The whole class: which wrong fixes appeared, which checks found them, and every grade. */
export function classPage(
  graded: readonly GradedLab[],
  wrong: readonly WrongFixes[],
  pageOf: (file: string) => string,
): string {
  const files = new Set(graded.map(({ file }) => file))
  return page(
    'The class',
    `<p class="muted small">${files.size} hand-ins, ${graded.length} labs: ${countText(graded.map(({ grade }) => grade))}. <a href="grades.csv">grades.csv</a></p>
${wrongSection(wrong)}
${checksSection(graded)}
${gradesSection(graded, pageOf)}`,
  )
}

function wrongSection(wrong: readonly WrongFixes[]): string {
  if (wrong.length === 0) return '<section><h2>Wrong fixes</h2><p>None.</p></section>'
  const parts = wrong.map(({ lab, checks, example, learners, sameAs, near }) => {
    const found =
      checks.length === 0 ? 'not judged' : checks.map(({ title }) => escapeHtml(title)).join('<br>')
    const notes = [
      ...sameAs.map((version) => `The same code as ${version}.`),
      ...near.map(({ name, because }) => `Compare with the near miss ${name}: ${because}`),
    ]
    return `<tr><td>${learners.length}</td><td>${escapeHtml(lab.id)}</td><td>${found}</td><td>${escapeHtml(example)}${notes
      .map((note) => `<p class="muted small">${escapeHtml(note)}</p>`)
      .join('')}<p class="small">${escapeHtml(learners.join(', '))}</p></td></tr>`
  })
  return `<section><h2>Wrong fixes</h2><table><thead><tr><th>learners</th><th>lab</th><th>found by</th><th>what happened</th></tr></thead><tbody>${parts.join('')}</tbody></table></section>`
}

/** How many wrong fixes each check found. */
function checksSection(graded: readonly GradedLab[]): string {
  const counts = new Map<string, number>()
  for (const { grade } of graded)
    for (const name of violatedChecks(grade)) counts.set(name, (counts.get(name) ?? 0) + 1)
  if (counts.size === 0) return ''
  const rows = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `<tr><td>${count}</td><td class="mono">${escapeHtml(name)}</td></tr>`)
  return `<section><h2>What the checks found</h2><table><thead><tr><th>labs</th><th>check</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`
}

function gradesSection(graded: readonly GradedLab[], pageOf: (file: string) => string): string {
  const rows = graded.map(
    ({ learner, file, lab, grade }) =>
      `<tr><td><a href="${escapeHtml(pageOf(file))}">${escapeHtml(learner)}</a></td><td>${escapeHtml(lab)}</td><td class="${grade.outcome}">${grade.outcome}</td><td>${escapeHtml(grade.headline)}</td></tr>`,
  )
  return `<section><h2>Every grade</h2><table class="grades"><thead><tr><th>learner</th><th>lab</th><th>verdict</th><th>why</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`
}
