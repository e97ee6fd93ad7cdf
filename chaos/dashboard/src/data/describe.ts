import type { SandboxEvent } from '../../../contracts/events.ts'
import type { ActiveFault } from '../../../contracts/fault.ts'

/** `latency 200 ms on worker-1:payments` */
export function describeFault(fault: Pick<ActiveFault, 'kind' | 'targets' | 'params'>): string {
  const target =
    fault.targets.length <= 2 ? fault.targets.join(', ') : `${fault.targets.length} targets`
  const params = Object.entries(fault.params)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .slice(0, 2)
    .map(([name, value]) => withUnit(name, value))
    .join(', ')
  return `${fault.kind}${params === '' ? '' : ` ${params}`} on ${target}`
}

function withUnit(name: string, value: unknown): string {
  if (name.endsWith('Ms'))
    return `${words(name.slice(0, -2))} ${String(value)} ms`.replace(/^latency /, '')
  return `${words(name)} ${String(value)}`
}

/** `latencyMs` is `latency ms` for people. */
export function words(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** `latency 400 ms`: short enough to stand in a chart. */
export function shortName(fault: Pick<ActiveFault, 'kind' | 'params'>): string {
  const [first] = Object.entries(fault.params).filter(([, value]) => typeof value === 'number')
  return first === undefined ? fault.kind : `${fault.kind} ${withUnit(...first)}`
}

/** One line of the timeline, in words; null for what nobody needs to read. */
export function describe(
  event: SandboxEvent,
): { readonly text: string; readonly tone: Tone } | null {
  switch (event.type) {
    case 'instance':
      return {
        text: `${event.instance} is ${event.state}${event.by === 'itself' ? '' : ` (${event.by})`}${event.signal ? `, ${event.signal}` : ''}${event.detail ? `: ${event.detail}` : ''}`,
        tone: event.state === 'exited' ? 'bad' : event.state === 'ready' ? 'good' : 'plain',
      }
    case 'fault':
      return {
        text:
          event.what === 'injected'
            ? `${describeFault(event.fault)} (${event.fault.mechanism})`
            : event.what === 'healed'
              ? `healed: ${describeFault(event.fault)}${event.reason === 'lease' ? ', its lease is over' : ''}`
              : `failed: ${describeFault(event.fault)}: ${event.error ?? ''}`,
        tone: event.what === 'healed' ? 'good' : 'fault',
      }
    case 'halt':
      return {
        text:
          event.what === 'halted'
            ? `halt: ${event.undone.length} undone${event.couldNotUndo.length > 0 ? `, ${event.couldNotUndo.length} could not be undone` : ''}`
            : 'halt lifted',
        tone: event.couldNotUndo.length > 0 ? 'bad' : 'plain',
      }
    case 'trap':
      return {
        text: `trap ${event.id} ${event.what}${event.exchange ? ` at ${event.exchange}` : ''}${event.link ? ` on ${event.link}` : ''}`,
        tone: 'fault',
      }
    case 'link':
      return {
        text: `${event.link}: ${words(event.what.replace('-', ' '))}${event.toxic ? ` (${event.toxic})` : ''}${event.detail ? `: ${event.detail}` : ''}`,
        tone: event.what === 'upstream-failed' ? 'bad' : 'plain',
      }
    case 'run':
      return {
        text:
          event.what === 'started'
            ? `run started: ${event.title}, seed ${event.seed}`
            : `run ended: ${event.verdict?.headline ?? event.title}`,
        tone: event.verdict?.outcome === 'violated' ? 'bad' : 'plain',
      }
    case 'phase':
      return event.what === 'began'
        ? { text: `phase: ${event.phase.replace('-', ' ')}`, tone: 'plain' }
        : null
    case 'check':
      return {
        text: `${event.check.title}: ${event.check.outcome}`,
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

export type Tone = 'plain' | 'good' | 'bad' | 'fault'
