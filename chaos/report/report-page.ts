import type { CheckResult, Story } from '#chaos/contracts/check.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { latencyChart, rateChart, shapeOf } from './charts.ts'
import { groupEvents } from './group-events.ts'
import { chartData, type ReportData } from './report-data.ts'
import { flowSections } from './report-flows.ts'
import { reportStyle } from './report-style.ts'

const timelineMax = 500

/** A run as one self-contained HTML page. It loads no other file, so users can send it by mail and open it offline. */
export function reportPage(data: ReportData): string {
  const { verdict } = data
  const what = [data.lab, data.version].filter((part) => part !== undefined).join(', ')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(data.title)}: ${verdict.outcome}</title><style>${reportStyle}</style></head><body>
<h1>${escapeHtml(data.title)}</h1>
<p class="muted small">${escapeHtml(what === '' ? data.id : `${what}, ${data.id}`)}, ${escapeHtml(data.startedAt)}, seed ${data.seed}</p>
<section class="verdict ${verdict.outcome}"><b>${verdict.outcome.toUpperCase()}</b><p>${escapeHtml(verdict.headline)}</p>
${verdict.reasons.length === 0 ? '' : `<ul>${verdict.reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`).join('')}</ul>`}</section>
${checksTable(verdict.checks)}
${verdict.story === undefined ? '' : storySection(verdict.story)}
${flowSections(data.flows ?? [])}
${charts(data)}
${timeline(data)}
<section><h2>Repeat this run</h2><dl class="small"><dt>seed</dt><dd class="mono">${data.seed}</dd>
${Object.entries(data.versions)
  .map(
    ([name, version]) => `<dt>${escapeHtml(name)}</dt><dd class="mono">${escapeHtml(version)}</dd>`,
  )
  .join('')}</dl>
<details><summary>Scenario</summary><pre>${escapeHtml(data.scenarioText)}</pre></details></section>
</body></html>
`
}

function checksTable(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return ''
  const rows = checks.map(
    (check) =>
      `<tr><td class="${check.outcome}">${check.outcome}</td><td>${escapeHtml(check.title)}</td><td>${escapeHtml(check.summary)}${offenders(check)}</td></tr>`,
  )
  return `<section><h2>Checks</h2><table><tbody>${rows.join('')}</tbody></table></section>`
}

function offenders(check: CheckResult): string {
  if (check.offenders.length === 0) return ''
  const rows = check.offenders.map(
    (offender) =>
      `<tr><td class="mono">${escapeHtml(offender.id)}</td><td>${escapeHtml(offender.expected)}</td><td>${escapeHtml(offender.actual)}</td></tr>`,
  )
  return `<details class="small"><summary>${check.offendersTotal} ${check.offendersTotal === 1 ? 'offender' : 'offenders'}</summary><table><thead><tr><th>offender</th><th>expected</th><th>actual</th></tr></thead><tbody>${rows.join('')}</tbody></table></details>`
}

function storySection(story: Story): string {
  const rows = story.lines.map(
    (line) =>
      `<tr class="${line.who === 'fault' ? 'fault' : ''}"><td>${(line.ms / 1_000).toFixed(2)} s</td><td><b>${escapeHtml(line.who)}</b></td><td>${escapeHtml(line.text)}</td></tr>`,
  )
  return `<section class="story"><h2>The story of ${escapeHtml(story.about)}: ${escapeHtml(story.headline)}</h2><table><tbody>${rows.join('')}
<tr><td></td><td><b>expected</b></td><td>${escapeHtml(story.expected)}</td></tr><tr><td></td><td><b>actual</b></td><td>${escapeHtml(story.actual)}</td></tr></tbody></table></section>`
}

function charts(data: ReportData): string {
  const chart = chartData(data.events)
  if (chart.samples.length === 0) return ''
  const { operations } = data
  const keys = operations.map(
    (kind) =>
      `<span class="key"><svg viewBox="-6 -6 12 12" aria-hidden="true"><path d="${shapeOf(kind, operations)}" fill="currentColor"/></svg>${escapeHtml(kind)}</span>`,
  )
  return `<section><h2>Operations as the client sees them</h2><p class="muted small">Blue: ok. Amber, dashed: unknown, the operation may have happened. Pink, dotted: failed, the operation did not happen. Shaded: a fault is active.</p>
${rateChart(chart)}<p class="small muted">${keys.join('')}</p>${latencyChart(chart, operations)}</section>`
}

function timeline(data: ReportData): string {
  const first = data.events[0]?.ms ?? 0
  const grouped = groupEvents(data.events.filter(({ type }) => type !== 'check'))
  const rows = grouped.map(
    ({ event, text }) =>
      `<tr class="${event.type === 'fault' ? 'fault' : ''}"><td>${((event.ms - first) / 1_000).toFixed(2)} s</td><td>${escapeHtml(text)}</td></tr>`,
  )
  const cut =
    rows.length > timelineMax
      ? `<p class="small muted">The first ${timelineMax} of ${rows.length} events. journal.jsonl has all of them.</p>`
      : ''
  return `<section class="story"><h2>Events</h2>${cut}<table><tbody>${rows.slice(0, timelineMax).join('')}</tbody></table></section>`
}
