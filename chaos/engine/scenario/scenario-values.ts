import { Type } from 'typebox'
import type { TSchema, TUnsafe } from 'typebox'

import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import { durationLengthMax, ratePerSecondMax } from '#chaos/contracts/max.ts'
import { durationPattern, formatDuration } from '#chaos/lib/duration.ts'

/** Schema of a duration: `1.5s`. */
export const durationValue = (description: string) =>
  Type.String({
    pattern: durationPattern,
    maxLength: durationLengthMax,
    durationAtMost: formatDuration(leaseMaxMs),
    wanted: 'a duration such as 250ms, 1.5s or 2m',
    description,
  })

/** The description with the default: `How long a probe waits. 1s when absent.` */
export const withDefault = (description: string, defaultMs: number) =>
  `${description} ${formatDuration(defaultMs)} when absent.`

/** Schema of a rate: `20/s`. */
export const rateValue = (description: string) =>
  Type.String({
    pattern: '^[0-9]+(\\.[0-9]+)?/(s|m)$',
    maxLength: durationLengthMax,
    rateAtMost: `${ratePerSecondMax}/s`,
    wanted: 'a rate such as 20/s or 30/m',
    description,
  })

/** One of two schemas, selected by a condition. Unlike a union, it reports the errors of one schema only. */
export function eitherOr<T>(
  condition: object,
  schemas: { readonly yes: TSchema; readonly no: TSchema },
  annotations: object = {},
): TUnsafe<T> {
  // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema keyword
  return Type.Unsafe<T>({ if: condition, then: schemas.yes, else: schemas.no, ...annotations })
}
