import { Type } from 'typebox'
import type { TSchema, TUnsafe } from 'typebox'

import { durationPattern, formatDuration } from '#chaos/lib/duration.ts'

/** The small values of a scenario file, as text that people write. */

export const durationValue = (description: string) =>
  Type.String({
    pattern: durationPattern,
    wanted: 'a duration such as 250ms, 1.5s or 2m',
    description,
  })

/** A description that also says what holds when nothing is given. */
export const withDefault = (description: string, defaultMs: number) =>
  `${description} ${formatDuration(defaultMs)} when absent.`

export const rateValue = (description: string) =>
  Type.String({
    pattern: '^[0-9]+(\\.[0-9]+)?/(s|m)$',
    wanted: 'a rate such as 20/s or 30/m',
    description,
  })

export const shareValue = (description: string) =>
  Type.Number({ minimum: 0, maximum: 1, description: `${description} From 0 to 1.` })

export const closedObject = { additionalProperties: false } as const

/** How many per second `20/s` or `30/m` is. */
export function parseRate(text: string): number {
  const [count, unit] = text.split('/')
  return Number(count) / (unit === 'm' ? 60 : 1)
}

/** One schema or another, by a condition: unlike a union it complains about one of them only. */
export function eitherOr<T>(
  condition: object,
  schemas: { readonly yes: TSchema; readonly no: TSchema },
  annotations: object = {},
): TUnsafe<T> {
  // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema keyword
  return Type.Unsafe<T>({ if: condition, then: schemas.yes, else: schemas.no, ...annotations })
}
