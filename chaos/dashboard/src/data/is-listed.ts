import type { SandboxEvent } from '../../../contracts/events.ts'
import { describeEvent } from '../../../report/describe-event.ts'

/**
 * Whether an event is a line in the list of events. A toxic reports every connection that it touches: those events would
 * hide all others.
 */
export function isListed(event: SandboxEvent): boolean {
  if (event.type === 'link' && event.what === 'toxic-touched') return false
  return describeEvent(event) !== null
}
