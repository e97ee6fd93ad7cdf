import type { SandboxEvent } from '../contracts/events.ts'

/** One line for people; null for what nobody needs to read. */
export function describeEvent(event: SandboxEvent): string | null {
  switch (event.type) {
    case 'instance':
      return `${event.instance} is ${event.state} (${event.by})${event.signal ? `, ${event.signal}` : ''}${event.detail ? `: ${event.detail}` : ''}`
    case 'fault': {
      const fault = `${event.fault.kind} on ${event.fault.targets.join(', ')}`
      if (event.what === 'injected')
        return `fault: ${fault} ${JSON.stringify(event.fault.params)} by ${event.fault.mechanism}`
      if (event.what === 'healed') return `healed: ${fault} (${event.reason ?? 'asked'})`
      return `could not inject ${fault}: ${event.error ?? ''}`
    }
    case 'halt':
      return event.what
    case 'trap':
      return `trap ${event.id} ${event.what}${event.exchange ? ` at ${event.exchange}` : ''}${event.link ? ` on ${event.link}` : ''}${event.transaction ? ` of ${event.transaction}` : ''}`
    case 'run':
      return event.what === 'started' ? `run started, seed ${event.seed}` : 'run ended'
    case 'phase':
      return event.what === 'began' ? `phase: ${event.phase}` : null
    case 'note':
      return event.text
    case 'link':
      return event.what === 'opened' || event.what === 'closed'
        ? null
        : `${event.link}: ${event.what}${event.toxic ? ` (${event.toxic})` : ''}`
    case 'check':
    case 'operation':
    case 'exchange':
    case 'figures':
    case 'xray':
      return null
  }
}
