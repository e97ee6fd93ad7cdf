import type { FaultEvent, HaltEvent, SandboxEvent } from '#chaos/contracts/events.ts'
import type { LinkEvent, TrapEvent } from '#chaos/contracts/links.ts'
import type { InstanceEvent } from '#chaos/contracts/runtime.ts'

import { describeActiveFault } from './describe-active-fault.ts'

export interface EventDescription {
  readonly text: string
  readonly tone: Tone
}

export type Tone = 'plain' | 'good' | 'bad' | 'fault'

/**
 * An event in one line. CLI, dashboard, report and story share these words. Null for an event without a line
 * of its own: its figures are in a chart or a table.
 */
export function describeEvent(event: SandboxEvent): EventDescription | null {
  switch (event.type) {
    case 'instance':
      return {
        text: `${event.instance} ${describeInstance(event)}${prefixed(': ', event.detail)}`,
        tone: event.state === 'exited' ? 'bad' : event.state === 'ready' ? 'good' : 'plain',
      }
    case 'fault':
      return { text: faultText(event), tone: event.what === 'healed' ? 'good' : 'fault' }
    case 'halt':
      return { text: haltText(event), tone: event.couldNotUndo.length > 0 ? 'bad' : 'plain' }
    case 'trap':
      return { text: `trap ${event.id} ${describeTrap(event)}`, tone: 'fault' }
    case 'link':
      return linkDescription(event)
    case 'run':
      return {
        text:
          event.what === 'started'
            ? `run starts: ${event.title}, seed ${event.seed}`
            : `run ends: ${event.verdict?.headline ?? 'no verdict'}`,
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
    case 'lab-file':
    case 'workshop':
      return null
  }
}

/** What happens to an instance, without its name: `is killed by the scenario (SIGKILL)`. */
export function describeInstance({ state, by, signal, code, planned }: InstanceEvent): string {
  const how = signal ?? (code === undefined || code === null ? undefined : `exit code ${code}`)
  const end = how === undefined ? '' : ` (${how})`
  switch (state) {
    case 'absent':
    case 'exited': {
      if (planned === true) return `is stopped for a planned restart${end}`
      if (by === 'itself') return `exits by itself${end}`
      const killed = state === 'exited' || signal === 'SIGKILL'
      return `is ${killed ? 'killed' : 'stopped'} by the ${by}${end}`
    }
    case 'starting':
      return by === 'itself' ? 'starts' : `is started by the ${by}`
    case 'paused':
      return by === 'itself' ? 'is paused' : `is paused by the ${by}`
    case 'ready':
      return 'is ready'
    case 'unready':
      return 'is not ready'
  }
}

/** What a trap does, without its id: `springs at COMMIT on api-1:postgres, after execution and before the reply`. */
export function describeTrap({ what, exchange, link, phase, transaction }: TrapEvent): string {
  const verb = { sprung: 'springs', released: 'releases its message', expired: 'expires' }[what]
  const moment = {
    before: ', before the message arrives',
    after: ', after execution and before the reply',
  }
  return [
    verb,
    prefixed(' at ', exchange),
    prefixed(' on ', link),
    prefixed(' for ', transaction),
    what === 'sprung' && phase !== undefined ? moment[phase] : '',
  ].join('')
}

function faultText({ what, fault, reason, error }: FaultEvent): string {
  if (what === 'injected') return `${describeActiveFault(fault)} (${fault.mechanism})`
  if (what === 'failed') return `failed: ${describeActiveFault(fault)}${prefixed(': ', error)}`
  return `healed: ${describeActiveFault(fault)}${endOf(reason)}`
}

function endOf(reason: FaultEvent['reason']): string {
  if (reason === 'lease') return ', its lease ended'
  return reason === 'links-reset' ? ', the data plane had removed it from the links' : ''
}

function haltText({ what, undone, couldNotUndo, starting = [] }: HaltEvent): string {
  if (what === 'lifted') return 'halt ends: faults are allowed again'
  const failed = couldNotUndo.length > 0 ? `, ${couldNotUndo.length} not healed` : ''
  const notReady = starting.length > 0 ? `, still starting: ${starting.join(', ')}` : ''
  return `halt: ${undone.length} healed${failed}${notReady}`
}

const linkWords = {
  'upstream-failed': 'cannot connect to its upstream',
  'toxic-touched': 'applies a toxic to a connection',
  'toxic-missed': 'delivers a message unchanged',
  'toxic-expired': 'removes an expired toxic',
  reset: 'resets a connection',
  down: 'is down',
  up: 'is up',
  opaque: 'cannot parse the protocol of a connection; its bytes pass unchanged',
} as const satisfies Record<Exclude<LinkEvent['what'], 'opened' | 'closed'>, string>

function linkDescription({ what, link, toxic, detail }: LinkEvent): EventDescription | null {
  if (what === 'opened' || what === 'closed') return null
  return {
    text: `${link} ${linkWords[what]}${toxic === undefined ? '' : ` (${toxic})`}${prefixed(': ', detail)}`,
    tone: what === 'upstream-failed' ? 'bad' : 'plain',
  }
}

function prefixed(prefix: string, text: string | null | undefined): string {
  return text === undefined || text === null || text === '' ? '' : `${prefix}${text}`
}
