import type { Lab } from '#chaos/contracts/lab.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import type { GradedLab } from '../grade.ts'
import type { HandedInLab } from '../hand-in.ts'
import { countText, page } from './page.ts'

export interface LearnersLab {
  readonly graded: GradedLab
  /** Absent: the file cannot be read. */
  readonly handedIn?: HandedInLab
  /** Absent: there is no such lab. */
  readonly lab?: Lab
}

const lensNames = {
  contract: 'Contract',
  truth: 'Source of truth',
  failure: 'The failure mode that comes back',
  blastRadius: 'Blast radius',
  tradeOff: 'Trade-off',
} as const

/** Everything that one learner handed in, with its grades. */
export function learnerPage(learner: string, file: string, parts: readonly LearnersLab[]): string {
  const summary = countText(parts.map(({ graded }) => graded.grade))
  return page(
    learner,
    `<p class="muted small">${escapeHtml(file)}, ${summary}. <a href="../index.html">The class</a></p>
${parts.map(labSection).join('\n')}`,
  )
}

function labSection({ graded, handedIn, lab }: LearnersLab): string {
  const { grade } = graded
  const checks = grade.checks.map(
    ({ outcome, title, summary }) =>
      `<tr><td class="${outcome}">${outcome}</td><td>${escapeHtml(title)}</td><td>${escapeHtml(summary)}</td></tr>`,
  )
  return `<section class="verdict ${grade.outcome}"><h2>${escapeHtml(lab?.title ?? graded.lab)}</h2>
<b>${grade.outcome.toUpperCase()}</b><p>${escapeHtml(grade.headline)}</p>${list(grade.reasons)}
${checks.length === 0 ? '' : `<table class="checks"><tbody>${checks.join('')}</tbody></table>`}
${storyOf(graded)}${handedIn === undefined ? '' : workOf(handedIn, lab)}</section>`
}

function storyOf({ grade: { story } }: GradedLab): string {
  if (story === undefined) return ''
  const rows = story.lines.map(
    ({ ms, who, text }) =>
      `<tr class="${who === 'fault' ? 'fault' : ''}"><td class="time">${(ms / 1_000).toFixed(3)} s</td><td>${escapeHtml(who)}</td><td>${escapeHtml(text)}</td></tr>`,
  )
  return `<h3>${escapeHtml(`${story.about}: ${story.headline}`)}</h3>
<table class="story"><tbody>${rows.join('')}</tbody></table>
<dl class="small"><dt>expected</dt><dd>${escapeHtml(story.expected)}</dd><dt>actual</dt><dd>${escapeHtml(story.actual)}</dd></dl>`
}

/** The learner's own words and code. Their sandbox's verdicts are shown, and decide nothing. */
function workOf(handedIn: HandedInLab, lab: Lab | undefined): string {
  const { prediction, explanation, lenses, hintsUsed, runs, files } = handedIn
  const right = lab?.prediction.right
  const rows = [
    ...(prediction === null
      ? [row('Prediction', 'none')]
      : [
          row('Prediction', `${prediction.text} (${prediction.confidence} % sure)`),
          ...(right === undefined
            ? []
            : [row('Measured', lab?.prediction.answers[right] ?? '', prediction.answer === right)]),
        ]),
    row('Explanation', explanation ?? 'none'),
    ...Object.entries(lensNames)
      .map(([key, title]) => [title, lenses[key as keyof typeof lensNames]] as const)
      .filter(([, text]) => text !== '')
      .map(([title, text]) => row(title, text)),
    row('Hints', String(hintsUsed)),
    row(
      'Own runs',
      runs.length === 0
        ? 'none'
        : runs.map(({ outcome, seed }) => `${outcome} (seed ${seed ?? 'unknown'})`).join(', '),
    ),
  ]
  const code = files.map(
    ({ seam, text }) =>
      `<details><summary>${escapeHtml(seam)}.ts</summary><pre tabindex="0">${escapeHtml(text)}</pre></details>`,
  )
  return `<h3>What the learner handed in</h3><dl class="small">${rows.join('')}</dl>${code.join('')}`
}

function row(title: string, text: string, isRight?: boolean): string {
  const mark = isRight === undefined ? '' : isRight ? ' right' : ' wrong'
  return `<dt>${escapeHtml(title)}</dt><dd class="words${mark}">${escapeHtml(text)}</dd>`
}

function list(items: readonly string[]): string {
  return items.length === 0
    ? ''
    : `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
}
