import { shortened } from './excerpt.ts'

/**
 * An error that the user can fix: in a scenario, a file, a name, or a missing program. The CLI exits with status 3; an HTTP
 * request receives `status` (default 400) and `details`. The message names the thing, its value and the error; `remedy` says what to do.
 */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly remedy: string | undefined
  readonly status: number
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(
    message: string,
    options: {
      remedy?: string
      status?: number
      details?: Readonly<Record<string, unknown>>
      cause?: unknown
    } = {},
  ) {
    super(readable(message), options.cause === undefined ? undefined : { cause: options.cause })
    this.remedy = options.remedy
    this.status = options.status ?? 400
    this.details = options.details
  }
}

const wordLengthMax = 300

/** A message may quote what a user gave. A word that fills screens is shortened. */
function readable(message: string): string {
  return message.replaceAll(/\S{300,}/g, (word) => `${word.slice(0, wordLengthMax - 3)}...`)
}

/** The message of any thrown value, followed by its causes, separated by `: `. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map((inner) => messageOf(inner)).join('; ')
  return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`
}

/** `Unknown fault "laterncy". Did you mean "latency"? Known: ...` HTTP status 404. */
export function unknownName(thing: string, value: string, known: readonly string[]): InputError {
  const near = known
    // The distance of a long text takes long to compute.
    .filter((name) => Math.abs(name.length - value.length) <= 2 && editDistance(name, value) <= 2)
    .toSorted((a, b) => editDistance(a, value) - editDistance(b, value))
  const guess = near[0] === undefined ? '' : ` Did you mean "${near[0]}"?`
  return new InputError(`Unknown ${thing} "${shortened(value)}".${guess}`, {
    remedy: `Known: ${known.join(', ')}.`,
    status: 404,
  })
}

/** Levenshtein distance. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
