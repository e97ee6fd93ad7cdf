import type { GamedayView, IncidentDebrief } from '#chaos/contracts/gameday/gameday-view.ts'
import { scoredParts } from '#chaos/contracts/gameday/gameday-view.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'
import { reportStyle } from '#chaos/report/report-style.ts'

import { chainPicture } from './chain-picture.ts'
import { clockTime } from './clock-time.ts'

type Debriefed = Pick<GamedayView, 'id' | 'seed' | 'startedAt' | 'closed'>

const style = `
.minutes{table-layout:fixed}.minutes th{white-space:normal}.minutes th:first-child{width:3.4em}.minutes td{overflow-wrap:anywhere}.wide,.chain{overflow-x:auto}.wide th,.wide td+td{white-space:nowrap}.chain svg{display:block}
.chain .box{fill:var(--panel);stroke:var(--edge);stroke-width:1.5}.chain .box.named{stroke:var(--good);stroke-width:2.5}.chain .box.first{stroke:var(--fault);stroke-width:2.5}.chain text{font:13px system-ui;fill:var(--ink)}.chain .place{font:600 13px ui-monospace,Menlo,Consolas,monospace}.chain .seen{fill:var(--ink-2)}.chain .arrow{stroke:var(--ink-2);fill:none;stroke-width:1.5}
`

/** The debrief of a game day as one HTML page that loads no other file. */
export function renderDebrief({ id, seed, startedAt, closed }: Debriefed): string {
  const points = closed.reduce((sum, { score }) => sum + score.points, 0)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Debrief of the game day ${escapeHtml(id)}</title><style>${reportStyle}${style}</style></head><body><main>
<h1>Debrief of the game day</h1>
<p class="muted small">${escapeHtml(id)}, ${escapeHtml(startedAt)}, seed ${seed}. ${points} of ${closed.length * 100} points.</p>
${summaryTable(closed)}
${closed.map(section).join('\n')}
</main></body></html>
`
}

function summaryTable(closed: readonly IncidentDebrief[]): string {
  const head = ['Incident', ...scoredParts.map(capital), 'Points', 'Detected after']
  const rows = closed.map(({ number, title, score }) => {
    const cells = [
      `${number}. ${title}`,
      ...scoredParts.map((part) => percent(score[part])),
      String(score.points),
      score.detectedAfterMs === null ? '–' : `${Math.round(score.detectedAfterMs / 1_000)} s`,
    ]
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
  })
  return `<section><h2>Scores</h2><div class="wide" tabindex="0"><table><thead><tr>${head.map((cell) => `<th scope="col">${cell}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`
}

function section(one: IncidentDebrief): string {
  const { number, title, story, cause, chain, symptoms, mitigations, score } = one
  const reasons = scoredParts.map(
    (part) =>
      `<dt>${capital(part)} ${percent(score[part])}</dt><dd>${escapeHtml(score.reasons[part])}</dd>`,
  )
  return `<section><h2>${number}. ${escapeHtml(title)}: ${score.points} of 100 points</h2>
<p>${escapeHtml(story)}</p>
<dl><dt>Cause</dt><dd>${cause === null ? 'Nothing was wrong.' : `<code>${escapeHtml(cause.kind)}</code> on <code>${escapeHtml(cause.place)}</code>. ${escapeHtml(cause.words)}`}</dd>${list('Symptoms', symptoms)}${list('What ends it', mitigations)}</dl>
${chain.length === 0 ? '' : `<h3>How it spread</h3><p class="muted small">The first box is the cause. A box with a thick green edge is in your chain.</p><div class="chain" tabindex="0">${chainPicture(chain)}</div>`}
<h3>Score</h3><dl>${reasons.join('')}</dl>
<h3>Minute by minute</h3>${minutes(one)}</section>`
}

function list(name: string, items: readonly string[]): string {
  if (items.length === 0) return ''
  return `<dt>${name}</dt><dd>${items.map((item) => escapeHtml(item)).join('<br>')}</dd>`
}

/** What happened beside what the learner said and did. */
function minutes({ lines }: IncidentDebrief): string {
  const rows = lines.map(({ atMs, by, text }) => {
    const cell = `<td>${escapeHtml(text)}</td>`
    const cells = by === 'learner' ? `<td></td>${cell}` : `${cell}<td></td>`
    return `<tr><td class="time">${clockTime(atMs)}</td>${cells}</tr>`
  })
  return `<table class="minutes"><thead><tr><th scope="col">Time</th><th scope="col">What happened</th><th scope="col">What you said and did</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}
