import { flowOf } from '#chaos/contracts/flow-record.ts'
import { escapeHtml } from '#chaos/lib/escape-html.ts'

import { flowDiagramSvg } from './flow-diagram/flow-diagram-svg.ts'
import { flowTable } from './flow-diagram/flow-facts.ts'
import type { ReportFlow } from './report-data.ts'

/**
 * The first failing flow of each violated check as a diagram. A flow that several checks name is drawn once. `folded`: the learner
 * has not explained the run yet, so the diagrams are one click away.
 */
export function flowSections(flows: readonly ReportFlow[], folded = false): string {
  if (flows.length === 0) return ''
  const byId = new Map<string, { readonly drawn: ReportFlow['drawn']; readonly checks: string[] }>()
  for (const { check, drawn } of flows) {
    const { id } = flowOf(drawn)
    const known = byId.get(id) ?? { drawn, checks: [] }
    known.checks.push(check)
    byId.set(id, known)
  }
  const parts = [...byId.values()].map(({ drawn, checks }) => {
    const { title } = flowOf(drawn)
    return (
      `<div><h3>${escapeHtml(title)}</h3><p class="small muted">The first failing one of: ${escapeHtml(checks.join('; '))}</p>` +
      `<div class="flow" tabindex="0" role="region" aria-label="${escapeHtml(`Diagram of ${title}`)}">${flowDiagramSvg(drawn)}</div>` +
      `<details class="small"><summary>The same as text</summary>${flowTable(drawn)}</details></div>`
    )
  })
  const title = '<h2>What happened, message by message</h2>'
  const diagrams = `<div class="flows">${parts.join('')}</div>`
  if (folded)
    return `<section>${title}<details><summary>Show the diagrams. They say what happened: write your own explanation first.</summary>${diagrams}</details></section>`
  return `<section>${title}${diagrams}</section>`
}
