export interface DescribedLogLine {
  /** As the service gave it; null for what no service of the shop has written, such as the lines of Postgres. */
  readonly level: string | null
  readonly text: string
}

/**
 * A line of a log for people: what happened, its facts, and of an error what it says and where it was thrown. When and by whom
 * is known from the line's own frame. What is not one JSON object stays as it is written.
 */
export function describeLogLine(written: string): DescribedLogLine {
  const line = objectOf(written)
  if (line === undefined) return { level: null, text: written }
  const { level, time: _time, instance: _instance, msg, err, ...facts } = line
  const parts = [
    ...(typeof msg === 'string' ? [msg] : []),
    ...Object.entries(facts).map(([name, value]) => `${name}=${plain(value)}`),
    ...(err === undefined ? [] : [errorWords(err)]),
  ]
  return { level: typeof level === 'string' ? level : null, text: parts.join('  ') }
}

function errorWords(error: unknown): string {
  if (typeof error !== 'object' || error === null) return plain(error)
  const { type, message, code, stack, cause } = error as Readonly<Record<string, unknown>>
  const kind = typeof type === 'string' && type !== 'Error' ? `${type}: ` : ''
  const known = code === undefined ? '' : ` (${plain(code)})`
  const frame = typeof stack === 'string' ? ownFrame(stack) : undefined
  return [
    `${kind}${plain(message)}${known}`,
    ...(frame === undefined ? [] : [`at ${frame}`]),
    ...(cause === undefined ? [] : [`because: ${errorWords(cause)}`]),
  ].join(' ')
}

/** `quote-order.ts:5`: the first that is neither a library's nor Node's. */
function ownFrame(stack: string): string | undefined {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const own = frames.find((line) => !/node_modules|node:/.test(line))
  return own === undefined ? undefined : /([^/\\]+:\d+):\d+\)?$/.exec(own)?.[1]
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function objectOf(written: string): Readonly<Record<string, unknown>> | undefined {
  if (!written.startsWith('{')) return undefined
  try {
    return JSON.parse(written) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}
