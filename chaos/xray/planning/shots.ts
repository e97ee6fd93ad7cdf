import type { Step } from '../matrix.ts'
import type { Shot } from '../place-observed-order.ts'
import { linksBetween } from '../xray-sandbox.ts'
import type { Column } from './columns.ts'

/** The trap of a cell. */
export function shotAt(step: Step, column: Column): Shot {
  const base = { column, links: linksBetween(step.link), exchange: step.signature }
  if (step.told === 'payload') return { ...base, nth: step.nth, tagged: true }
  // The reply names the order: that is enough to hold the reply.
  if (step.told === 'reply' && column.phase === 'after')
    return { ...base, nth: step.nth, tagged: true }
  if (step.anchor === undefined) return { ...base, nth: step.nth, tagged: false }
  return {
    ...base,
    nth: step.anchor.nth,
    tagged: false,
    afterExchange: {
      links: linksBetween(step.anchor.link),
      exchange: step.anchor.signature,
    },
  }
}

/** Why a column says nothing about a step; undefined when it does. */
export function inapplicable(step: Step, column: Column): string | undefined {
  if (step.caller === 'client' && column.act === 'kill-caller')
    return 'the client is not ours to kill'
  return undefined
}
