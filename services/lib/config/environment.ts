import { StartError } from '../start/start-error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads typed values from the environment. Every method throws {@link StartError} for a value that
 * is not valid.
 */
export interface EnvironmentReader {
  text(name: string, fallback?: string): string
  /** Absent or empty: undefined. */
  optional(name: string): string | undefined
  url(name: string, protocols: readonly string[]): string
  /** A whole number from `min` to `max`: 0 and a million when absent. */
  count(name: string, fallback: number, min?: number, max?: number): number
  /** At most what a timer can wait. */
  milliseconds(name: string, fallback: number, min?: number): number
  oneOf<const T extends string>(name: string, values: readonly T[], fallback: T): T
  /** `a, b`: the entries without blanks. */
  list(name: string): readonly string[]
}

const countMax = 1_000_000
/** A longer timer of Node ends at once. */
const millisecondsMax = 2 ** 31 - 1

export function readEnvironment(environment: Environment): EnvironmentReader {
  const optional = (name: string): string | undefined => environment[name]?.trim() || undefined

  function text(name: string, fallback?: string): string {
    const value = optional(name) ?? fallback
    if (value === undefined) throw new StartError(`${name} is not set, and it has no default.`)
    return value
  }

  function count(name: string, fallback: number, min = 0, max = countMax): number {
    const value = Number(optional(name) ?? fallback)
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value
    throw wrong(name, environment[name], `a whole number from ${min} to ${max}`)
  }

  return {
    text,
    optional,
    count,
    milliseconds: (name, fallback, min) => count(name, fallback, min, millisecondsMax),
    url(name, protocols) {
      const value = text(name)
      if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value
      throw wrong(name, value, `a URL that begins with ${protocols.join('// or ')}//`)
    },
    oneOf(name, values, fallback) {
      const found = values.find((value) => value === (optional(name) ?? fallback))
      if (found !== undefined) return found
      throw wrong(name, environment[name], `one of ${values.join(', ')}`)
    },
    list: (name) =>
      (optional(name) ?? '')
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
  }
}

function wrong(name: string, value: string | undefined, wanted: string): StartError {
  return new StartError(`${name} must be ${wanted}, got "${value}".`)
}
