import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { flowDiagramSvg } from './flow-diagram/flow-diagram-svg.ts'
import { flowTable } from './flow-diagram/flow-facts.ts'
import type { ReportFlow } from './report-data.ts'

/** The first failing flow of each violated check as a diagram. A flow that several checks name is drawn once. */
export function flowSections(flows: readonly ReportFlow[]): string {
  if (flows.length === 0) return ''
  const byId = new Map<string, { readonly drawn: ReportFlow['drawn']; readonly checks: string[] }>()
  for (const { check, drawn } of flows) {
    const { id } = 'flow' in drawn ? drawn.flow : drawn
    const known = byId.get(id) ?? { drawn, checks: [] }
    known.checks.push(check)
    byId.set(id, known)
  }
  const parts = [...byId.values()].map(({ drawn, checks }) => {
    const { title } = 'flow' in drawn ? drawn.flow : drawn
    return (
      `<div><h3>${escapeHtml(title)}</h3><p class="small muted">The first failing one of: ${escapeHtml(checks.join('; '))}</p>` +
      `<div class="flow" tabindex="0" role="region" aria-label="${escapeHtml(`Diagram of ${title}`)}">${flowDiagramSvg(drawn)}</div>` +
      `<details class="small"><summary>The same as text</summary>${flowTable(drawn)}</details></div>`
    )
  })
  return `<section class="story flows"><h2>What happened, message by message</h2>${parts.join('')}</section>`
}
