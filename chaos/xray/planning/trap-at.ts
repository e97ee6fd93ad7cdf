import type { Topology } from '#chaos/contracts/topology.ts'

import type { FlowStep } from '../matrix.ts'
import type { CellTrap } from '../observe-flow.ts'
import { linksBetween } from '../services.ts'
import type { MatrixColumn } from './columns.ts'

/** The trap of a cell. */
export function trapAt(step: FlowStep, column: MatrixColumn, topology: Topology): CellTrap {
  const base = { column, links: linksBetween(step.link, topology), exchange: step.signature }
  // Before the message arrives, only the keys of requests have been counted.
  const carrier = step.carriers?.[column.phase]
  if (carrier !== undefined) return { ...base, nth: carrier, tagged: true }
  if (step.anchor === undefined) return { ...base, nth: step.nth, tagged: false }
  return {
    ...base,
    nth: step.anchor.nth,
    tagged: false,
    afterExchange: {
      links: linksBetween(step.anchor.link, topology),
      exchange: step.anchor.signature,
    },
  }
}

/** Why a column does not apply to a step; undefined when it applies. `subject`: what one run is about. */
export function inapplicable(
  step: FlowStep,
  column: MatrixColumn,
  subject = 'flow',
): string | undefined {
  if (step.caller === 'client' && column.act === 'kill-caller')
    return 'the client is outside the sandbox and cannot be killed'
  if (step.matchedBy === 'reply' && step.anchor === undefined && column.phase === 'before')
    return `only the reply shows that the message belongs to the ${subject}`
  return undefined
}
