import type { VerdictOutcome } from '#chaos/contracts/verdict.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import type { ReportedLab } from './report-data.ts'

/** What the lab asks, what the learner predicted, and what the learner wrote about the run. Empty without a lab. */
export function labSection(lab: ReportedLab | undefined): string {
  if (lab === undefined) return ''
  return `<section><h2>The lab</h2><p>${escapeHtml(lab.goal)}</p>${prediction(lab.prediction)}${explanation(lab)}</section>`
}

/** The judged code, compared with the starting code of the lab. */
export function codeSection(
  lab: ReportedLab | undefined,
  version: string | undefined,
  outcome: VerdictOutcome,
): string {
  if (lab === undefined) return ''
  const own = version === 'mine'
  const title = own ? 'Your changes to the starting code' : `The judged code: ${version ?? ''}`
  if (lab.diffs.length === 0) {
    const same =
      version === 'shop'
        ? "This run judged the system's own code."
        : 'The judged code is the starting code.'
    return `<section><h2>${escapeHtml(title)}</h2><p class="muted">${same}</p></section>`
  }
  const diffs = lab.diffs.map(
    ({ file, diff }) =>
      `<h3 class="mono">${escapeHtml(file)}</h3><pre class="diff" tabindex="0">${diffLines(diff)}</pre>`,
  )
  return `<section class="code ${outcome}"><h2>${escapeHtml(title)}</h2>${diffs.join('')}</section>`
}

function prediction(given: ReportedLab['prediction']): string {
  if (given === undefined) return ''
  const { question, answer, confidence, outcome } = given
  const measured =
    outcome === undefined
      ? ''
      : `<dt>measured</dt><dd class="${outcome.isRight ? 'right' : 'wrong'}">${outcome.isRight ? 'the same' : escapeHtml(outcome.right)}</dd><dt></dt><dd class="muted">${escapeHtml(outcome.because)}</dd>`
  return `<h3>Prediction</h3><p>${escapeHtml(question)}</p><dl><dt>predicted</dt><dd>${escapeHtml(answer)} <span class="muted">(${confidence} % sure)</span></dd>${measured}</dl>`
}

function explanation({ explanation: text }: ReportedLab): string {
  if (text === undefined) return ''
  return `<h3>What happened, in the learner's words</h3><p class="words">${escapeHtml(text)}</p>`
}

function diffLines(diff: string): string {
  return diff
    .split('\n')
    .map((line) => {
      const kind = line.startsWith('@@') ? 'at' : { '+': 'add', '-': 'del' }[line.charAt(0)]
      const text = escapeHtml(line)
      return kind === undefined ? text : `<span class="${kind}">${text}</span>`
    })
    .join('\n')
}
