import type { CheckResult, Story } from '#chaos/contracts/check.ts'
import { clockOfRun, formatRunTime, type RunClock } from '#chaos/contracts/run-clock.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { bandList, latencyChart, rateChart, shapeOf } from './charts.ts'
import { groupEvents } from './group-events.ts'
import type { ReportData } from './report-data.ts'
import { flowSections } from './report-flows.ts'
import { codeSection, labSection } from './report-lab.ts'
import { phasesSection } from './report-phases.ts'
import { reportStyle } from './report-style.ts'
import { runChart } from './run-chart.ts'

const timelineMax = 500

/** A run as one self-contained HTML page. It loads no other file, so users can send it by mail and open it offline. */
export function reportPage(data: ReportData): string {
  const { verdict, lab, version, events } = data
  const clock = clockOfRun(events)
  const title = lab?.title ?? data.title
  const what = [
    lab === undefined ? undefined : `lab ${lab.id}`,
    version === undefined ? undefined : `version ${version}`,
    data.id,
    data.startedAt,
    `seed ${data.seed}`,
  ].filter((part) => part !== undefined)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}: ${verdict.outcome}</title><style>${reportStyle}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
<p class="muted small">${what.map((part) => `<span>${escapeHtml(part)}</span>`).join(', ')}</p>
<section class="verdict ${verdict.outcome}"><b>${verdict.outcome.toUpperCase()}</b><p>${escapeHtml(verdict.headline)}</p>
${verdict.reasons.length === 0 ? '' : `<ul>${verdict.reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`).join('')}</ul>`}</section>
${labSection(lab)}
${checksTable(verdict.checks)}
${verdict.story === undefined ? '' : storySection(verdict.story, version === 'mine' && lab?.explanation === undefined)}
${flowSections(data.flows ?? [])}
${codeSection(lab, version, verdict.outcome)}
${charts(data)}
${phasesSection(events, clock)}
${clock === undefined ? '' : timeline(data, clock)}
<section><h2>Repeat this run</h2><dl class="small"><dt>seed</dt><dd class="mono">${data.seed}</dd>
${Object.entries(data.versions)
  .map(([name, text]) => `<dt>${escapeHtml(name)}</dt><dd class="mono">${escapeHtml(text)}</dd>`)
  .join('')}</dl>
<details><summary>Scenario</summary><pre tabindex="0">${escapeHtml(data.scenarioText)}</pre></details></section>
</main></body></html>
`
}

function checksTable(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return ''
  const rows = checks.map(
    (check) =>
      `<tr><td class="${check.outcome}">${check.outcome}</td><td>${escapeHtml(check.title)}</td><td>${escapeHtml(check.summary)}${offenders(check)}</td></tr>`,
  )
  return `<section><h2>Checks</h2><table class="checks"><tbody>${rows.join('')}</tbody></table></section>`
}

function offenders(check: CheckResult): string {
  if (check.offenders.length === 0) return ''
  const rows = check.offenders.map(
    (offender) =>
      `<tr><td class="mono">${escapeHtml(offender.id)}</td><td>${escapeHtml(offender.expected)}</td><td>${escapeHtml(offender.actual)}</td></tr>`,
  )
  return `<details class="small"><summary>${check.offendersTotal} ${check.offendersTotal === 1 ? 'offender' : 'offenders'}</summary><table><thead><tr><th>offender</th><th>expected</th><th>actual</th></tr></thead><tbody>${rows.join('')}</tbody></table></details>`
}

/** `folded`: the learner has not explained the run yet, so the story is one click away. */
function storySection(story: Story, folded: boolean): string {
  const rows = story.lines.map(
    (line) =>
      `<tr class="${line.who === 'fault' ? 'fault' : ''}"><td class="time">${formatRunTime(line.ms)}</td><td><b>${escapeHtml(line.who)}</b></td><td>${escapeHtml(line.text)}</td></tr>`,
  )
  const table = `<table><tbody>${rows.join('')}
<tr><td></td><td><b>expected</b></td><td>${escapeHtml(story.expected)}</td></tr><tr><td></td><td><b>actual</b></td><td>${escapeHtml(story.actual)}</td></tr></tbody></table>`
  const title = `The story of ${escapeHtml(story.about)}`
  if (folded)
    return `<section class="story"><h2>${title}</h2><details><summary>Show the story. It says what happened: write your own explanation first.</summary><p>${escapeHtml(story.headline)}</p>${table}</details></section>`
  return `<section class="story"><h2>${title}: ${escapeHtml(story.headline)}</h2>${table}</section>`
}

function charts(data: ReportData): string {
  const chart = runChart(data.events)
  if (chart === undefined) return ''
  const { operations } = data
  const keys = operations.map(
    (kind) =>
      `<span class="key"><svg viewBox="-6 -6 12 12" aria-hidden="true"><path d="${shapeOf(kind, operations)}" fill="currentColor"/></svg>${escapeHtml(kind)}</span>`,
  )
  return `<section><h2>Operations as the client sees them</h2><p class="small muted"><span class="key"><i class="stroke ok"></i>ok</span><span class="key"><i class="stroke unknown"></i>unknown: it may have happened</span><span class="key"><i class="stroke fail"></i>fail: it did not happen</span><span class="key"><i class="shade"></i>a fault is active</span></p>
<h3>Finished per second</h3>${rateChart(chart)}${bandList(chart)}
<h3>Latency of each operation</h3><p class="small muted">${keys.join('')}</p>${latencyChart(chart, operations)}</section>`
}

function timeline({ events }: ReportData, clock: RunClock): string {
  const grouped = groupEvents(events.filter(({ type }) => type !== 'check'))
  const rows = grouped
    .map((row) => ({ ...row, ms: clock.msOfEvent(row.event) }))
    .toSorted((a, b) => a.ms - b.ms)
    .map(
      ({ event, text, ms }) =>
        `<tr class="${event.type === 'fault' ? 'fault' : ''}"><td class="time">${formatRunTime(ms)}</td><td>${escapeHtml(text)}</td></tr>`,
    )
  const cut =
    rows.length > timelineMax
      ? `<p class="small muted">The first ${timelineMax} of ${rows.length} events. journal.jsonl has all of them.</p>`
      : ''
  return `<section class="story events"><h2>Events</h2>${cut}<table><tbody>${rows.slice(0, timelineMax).join('')}</tbody></table></section>`
}
