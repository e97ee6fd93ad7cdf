import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { describeEvent } from '#chaos/report/describe-event.ts'

import type { Colours } from './printer.ts'

/** An event as one coloured line with its time. Undefined for an event that needs no line. */
export function eventLine(event: SandboxEvent, colours: Colours): string | undefined {
  // A toxic belongs to a fault, and the fault has its own line.
  const described = event.type === 'link' ? null : describeEvent(event)
  if (described === null) return undefined
  const paint = { good: colours.green, bad: colours.red, fault: colours.yellow }
  const text = described.tone === 'plain' ? described.text : paint[described.tone](described.text)
  const id = event.type === 'fault' && event.what === 'injected' ? ` ${event.fault.id}` : ''
  return `${colours.dim(event.at.slice(11, 19))} ${text}${colours.dim(id)}`
}
