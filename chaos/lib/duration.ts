import { InputError } from './errors.ts'
import { shortened } from './excerpt.ts'

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 }

/** Pattern of a duration in a scenario file or on the command line: `250ms`, `1.5s`, `2m`. */
export const durationPattern = '^[0-9]+(\\.[0-9]+)?(ms|s|m)$'

/** Milliseconds of `1.5s`. Throws {@link InputError} for anything else. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text.trim())
  const factor = units[match?.[2] ?? '']
  if (match === null || factor === undefined)
    throw new InputError(`"${shortened(text)}" is not a duration.`, {
      remedy: 'Write a number and a unit: 250ms, 1.5s, 2m.',
    })
  return Number(match[1]) * factor
}

/** The duration as text, as a user would write it: `250ms`, `1.5s`, `2m`. Rounded to tenths of a second. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)}ms`
  if (milliseconds < 60_000 || milliseconds % 60_000 !== 0)
    return `${Number((milliseconds / 1_000).toFixed(1))}s`
  return `${milliseconds / 60_000}m`
}
