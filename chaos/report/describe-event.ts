import type { FaultEvent, SandboxEvent } from '#chaos/contracts/events.ts'
import type { InstanceEvent, InstanceState } from '#chaos/contracts/runtime.ts'

import { describeFault, spellOut } from './describe-fault.ts'

export interface EventDescription {
  readonly text: string
  readonly tone: Tone
}

export type Tone = 'plain' | 'good' | 'bad' | 'fault'

const stateWords = {
  absent: 'is stopped',
  starting: 'starts',
  ready: 'is ready',
  unready: 'is not ready',
  paused: 'is paused',
  exited: 'is dead',
} as const satisfies Record<InstanceState, string>

const orderedBy = {
  itself: '',
  user: ', by hand',
  scenario: ', by the scenario',
  supervisor: ', by the supervisor',
} as const satisfies Record<InstanceEvent['by'], string>

/** One line about something that happened, for people; the same everywhere. Null for what nobody needs to read. */
export function describeEvent(event: SandboxEvent): EventDescription | null {
  switch (event.type) {
    case 'instance':
      return {
        text: `${event.instance} ${stateWords[event.state]}${orderedBy[event.by]}${then(', ', event.signal)}${then(': ', event.detail)}`,
        tone: event.state === 'exited' ? 'bad' : event.state === 'ready' ? 'good' : 'plain',
      }
    case 'fault':
      return { text: whatOfFault(event), tone: event.what === 'healed' ? 'good' : 'fault' }
    case 'halt': {
      const failed = event.couldNotUndo.length
      const undone = `halt: ${event.undone.length} undone${failed > 0 ? `, ${failed} could not be undone` : ''}`
      return {
        text: event.what === 'halted' ? undone : 'halt lifted',
        tone: failed > 0 ? 'bad' : 'plain',
      }
    }
    case 'trap':
      return {
        text: `trap ${event.id} ${event.what}${then(' at ', event.exchange)}${then(' on ', event.link)}${then(' of ', event.transaction)}`,
        tone: 'fault',
      }
    case 'link':
      if (event.what === 'opened' || event.what === 'closed') return null
      return {
        text: `${event.link}: ${spellOut(event.what.replace('-', ' '))}${event.toxic ? ` (${event.toxic})` : ''}${then(': ', event.detail)}`,
        tone: event.what === 'upstream-failed' ? 'bad' : 'plain',
      }
    case 'run':
      return {
        text:
          event.what === 'started'
            ? `run started: ${event.title}, seed ${event.seed}`
            : `run ended: ${event.verdict?.headline ?? 'without a verdict'}`,
        tone: event.verdict?.outcome === 'violated' ? 'bad' : 'plain',
      }
    case 'phase':
      return event.what === 'began'
        ? { text: `phase: ${event.phase.replace('-', ' ')}`, tone: 'plain' }
        : null
    case 'check':
      return {
        text: `${event.check.outcome}: ${event.check.title}`,
        tone: event.check.outcome === 'violated' ? 'bad' : 'good',
      }
    case 'note':
      return { text: event.text, tone: event.level === 'info' ? 'plain' : 'bad' }
    case 'operation':
    case 'exchange':
    case 'figures':
    case 'xray':
      return null
  }
}

function whatOfFault({ what, fault, reason, error }: FaultEvent): string {
  if (what === 'injected') return `${describeFault(fault)} (${fault.mechanism})`
  if (what === 'failed') return `failed: ${describeFault(fault)}${then(': ', error)}`
  return `healed: ${describeFault(fault)}${reason === 'lease' ? ', its lease is over' : ''}`
}

const then = (before: string, text: string | null | undefined): string =>
  text === undefined || text === null || text === '' ? '' : `${before}${text}`
