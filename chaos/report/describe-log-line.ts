export interface DescribedLogLine {
  /** `info`, `warn` ...; null for a line that no service of the shop wrote, such as a line of Postgres. */
  readonly level: string | null
  readonly text: string
}

/**
 * A log line in words: the message, its fields, and of an error its text and its place. Time and instance are left out: the
 * caller shows them. A line that is not one JSON object stays as it is.
 */
export function describeLogLine(written: string): DescribedLogLine {
  const line = parseObject(written)
  if (line === undefined) return { level: null, text: written }
  const { level, time: _time, instance: _instance, runMs: _runMs, msg, err, ...fields } = line
  const parts = [
    ...(typeof msg === 'string' ? [msg] : []),
    ...Object.entries(fields).map(([name, value]) => `${name}=${asText(value)}`),
    ...(err === undefined ? [] : [describeError(err)]),
  ]
  return { level: typeof level === 'string' ? level : null, text: parts.join('  ') }
}

function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return asText(error)
  const { type, message, code, stack, cause } = error as Readonly<Record<string, unknown>>
  const kind = typeof type === 'string' && type !== 'Error' ? `${type}: ` : ''
  const suffix = code === undefined ? '' : ` (${asText(code)})`
  const frame = typeof stack === 'string' ? shopFrame(stack) : undefined
  return [
    `${kind}${asText(message)}${suffix}`,
    ...(frame === undefined ? [] : [`at ${frame}`]),
    ...(cause === undefined ? [] : [`because: ${describeError(cause)}`]),
  ].join(' ')
}

/** The first stack frame outside of libraries and Node.js: `quote-order.ts:5`. */
function shopFrame(stack: string): string | undefined {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const own = frames.find((line) => !/node_modules|node:/.test(line))
  return own === undefined ? undefined : /([^/\\]+:\d+):\d+\)?$/.exec(own)?.[1]
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function parseObject(written: string): Readonly<Record<string, unknown>> | undefined {
  if (!written.startsWith('{')) return undefined
  try {
    return JSON.parse(written) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}
