import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { eventWords } from '#chaos/report/event-words.ts'

import type { Colours } from './printer.ts'

/** One line for an event, with its time. Undefined for events that a user does not need to see. */
export function describeEvent(event: SandboxEvent, colours: Colours): string | undefined {
  // The fault event already covers its toxics.
  const words = event.type === 'link' ? null : eventWords(event)
  if (words === null) return undefined
  const paint = { good: colours.green, bad: colours.red, fault: colours.yellow }
  const text = words.tone === 'plain' ? words.text : paint[words.tone](words.text)
  const id = event.type === 'fault' && event.what === 'injected' ? ` ${event.fault.id}` : ''
  return `${colours.dim(event.at.slice(11, 19))} ${text}${colours.dim(id)}`
}
