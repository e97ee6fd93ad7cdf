/** The parts of a fault that an example uses. */
export interface FaultWithExample {
  readonly kind: string
  readonly example: {
    readonly target: string
    readonly params: object
  }
}

/** The example of a fault as a command line: `unhappy inject latency 'worker-*:payments' --latencyMs 200 --for 30s`. */
export function faultExample({ kind, example }: FaultWithExample): string {
  const target = example.target.includes('*') ? `'${example.target}'` : example.target
  const options = Object.entries(example.params).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name} ${quoted(textOf(value))}`],
  )
  return ['unhappy inject', kind, target, ...options, '--for 30s'].join(' ')
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, text]) => `${name}=${String(text)}`)
    .join(',')
}

function quoted(text: string): string {
  return /^[\w.:/=,-]+$/.test(text) ? text : `'${text}'`
}
