import type { ActiveFault } from '#chaos/contracts/fault.ts'

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

/** `latency 400 ms`: short enough to stand in a chart. */
export function faultLabel(fault: Pick<ActiveFault, 'kind' | 'params'>): string {
  const [first] = Object.entries(fault.params).filter(([, value]) => typeof value === 'number')
  return first === undefined ? fault.kind : `${fault.kind} ${withUnit(...first)}`
}

/** `latencyMs` is `latency ms` for people. */
export function spellOut(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
}

function withUnit(name: string, value: unknown): string {
  if (name.endsWith('Ms'))
    return `${spellOut(name.slice(0, -2))} ${String(value)} ms`.replace(/^latency /, '')
  return `${spellOut(name)} ${String(value)}`
}
