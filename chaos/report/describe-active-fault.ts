import type { ActiveFault } from '#chaos/contracts/fault.ts'

/**
 * A fault in words: `latency 200 ms on worker-1:payments`. At most two parameters, and `3 targets` for more than two; `inFull`
 * lists all of them.
 */
export function describeActiveFault(
  fault: Pick<ActiveFault, 'kind' | 'targets' | 'params'>,
  { inFull = false }: { readonly inFull?: boolean } = {},
): string {
  const few = fault.targets.length <= 2
  const targets = few || inFull ? fault.targets.join(', ') : `${fault.targets.length} targets`
  const params = Object.entries(fault.params)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .slice(0, inFull ? undefined : 2)
    .map(([name, value]) => withUnit(name, value))
    .join(', ')
  return `${fault.kind}${params === '' ? '' : ` ${params}`} on ${targets}`
}

/** A fault without its targets, for charts: `latency 400 ms`. */
export function faultLabel(fault: Pick<ActiveFault, 'kind' | 'params'>): string {
  const [first] = Object.entries(fault.params).filter(([, value]) => typeof value === 'number')
  return first === undefined ? fault.kind : `${fault.kind} ${withUnit(...first)}`
}

/** A parameter's name in words: `latency ms` for `latencyMs`. */
export function spellOut(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
}

function withUnit(name: string, value: unknown): string {
  if (name.endsWith('Ms'))
    return `${spellOut(name.slice(0, -2))} ${String(value)} ms`.replace(/^latency /, '')
  return `${spellOut(name)} ${String(value)}`
}
