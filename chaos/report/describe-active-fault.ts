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
  return `${withParams(fault.kind, params)} on ${targets}`
}

/** A fault without its targets, for charts: `latency 400 ms`, `packet-loss (probability 0.2)`. */
export function faultLabel(fault: Pick<ActiveFault, 'kind' | 'params'>): string {
  const params = Object.entries(fault.params).filter(([, value]) => typeof value === 'number')
  return withParams(fault.kind, params.slice(0, 1))
}

/** A parameter's name in words: `latency ms` for `latencyMs`. */
export function spellOut(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** `latency 400 ms (jitter 50 ms)`: a parameter with the name of the fault needs no name of its own. */
function withParams(kind: string, params: readonly (readonly [string, unknown])[]): string {
  const texts = params.map(([name, value]) => withUnit(name, value))
  const named = texts.filter((text) => !text.startsWith(`${kind} `)).join(', ')
  const own = texts.find((text) => text.startsWith(`${kind} `)) ?? kind
  return named === '' ? own : `${own} (${named})`
}

function withUnit(name: string, value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, one]) => `${key}=${String(one)}`)
      .join(' ')
  return name.endsWith('Ms')
    ? `${spellOut(name.slice(0, -2))} ${String(value)} ms`
    : `${spellOut(name)} ${inWords(value)}`
}

/** `MIGRATION=orders-channel` for variables of an environment. */
function inWords(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, one]) => `${name}=${String(one)}`)
    .join(' ')
}
