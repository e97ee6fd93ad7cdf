import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { describeEvent } from '#chaos/report/describe-event.ts'

import type { Colours } from './output.ts'

/** One line about something that happened, for people; undefined for what would only be noise. */
export function eventLine(event: SandboxEvent, colours: Colours): string | undefined {
  // A toxic that comes and goes is told as the fault that it belongs to.
  const words = event.type === 'link' ? null : describeEvent(event)
  if (words === null) return undefined
  const paint = { good: colours.green, bad: colours.red, fault: colours.yellow }
  const text = words.tone === 'plain' ? words.text : paint[words.tone](words.text)
  const id = event.type === 'fault' && event.what === 'injected' ? ` ${event.fault.id}` : ''
  return `${colours.dim(event.at.slice(11, 19))} ${text}${colours.dim(id)}`
}
