import type { SandboxEvent } from '#chaos/contracts/events.ts'

import type { Colours } from './output.ts'

/** One line about something that happened, for people; undefined for what would only be noise. */
export function describeEvent(event: SandboxEvent, colours: Colours): string | undefined {
  const text = describe(event, colours)
  const time = event.at.slice(11, 19)
  return text === undefined ? undefined : `${colours.dim(time)} ${text}`
}

function describe(event: SandboxEvent, { red, green, yellow, bold }: Colours): string | undefined {
  switch (event.type) {
    case 'fault': {
      const { kind, targets, mechanism, id } = event.fault
      const name = `${kind} on ${targets.join(', ')}`
      if (event.what === 'injected') return red(`${name} (${mechanism}; ${id})`)
      if (event.what === 'failed') return red(`${name} failed: ${event.error ?? ''}`)
      return green(`${name} healed${event.reason === undefined ? '' : ` (${event.reason})`}`)
    }
    case 'halt':
      return event.what === 'halted' ? yellow(bold('halted')) : green('halt lifted')
    case 'instance': {
      const by = event.by === 'itself' ? 'by itself' : `by ${event.by}`
      const state = event.state === 'ready' ? green(event.state) : yellow(event.state)
      return `${event.instance} ${state} ${by}${event.detail === undefined ? '' : `: ${event.detail}`}`
    }
    case 'run':
      if (event.what === 'started') return bold(`run: ${event.title} (seed ${event.seed})`)
      return bold(`run ended: ${event.verdict?.headline ?? 'without a verdict'}`)
    case 'note':
      return event.level === 'info' ? event.text : yellow(event.text)
    case 'phase':
      return event.what === 'began' ? `phase ${event.phase}` : undefined
    case 'check':
      return `${event.check.outcome}: ${event.check.title}. ${event.check.summary}`
    case 'trap':
      return yellow(`trap ${event.what} ${event.exchange ?? ''} on ${event.link ?? ''}`)
    case 'link':
    case 'exchange':
    case 'operation':
    case 'figures':
    case 'xray':
      return undefined
  }
}
