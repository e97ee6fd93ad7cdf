import { type TProperties, Type } from 'typebox'

import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import {
  durationLengthMax,
  entriesMax,
  nameLengthMax,
  pathLengthMax,
} from '#chaos/contracts/max.ts'
import { durationPattern, formatDuration } from '#chaos/lib/duration.ts'

/** The parameters of a fault. One that is not listed is an error, so a misspelled name is found. */
export const faultParameters = <Params extends TProperties>(params: Params) =>
  Type.Object(params, { additionalProperties: false })

const delayMaxMs = 600_000

export const millisecondsParameter = (description: string, minimum = 0) =>
  Type.Integer({ minimum, maximum: delayMaxMs, description: `${description} In milliseconds.` })

export const durationParameter = (description: string) =>
  Type.String({
    pattern: durationPattern,
    maxLength: durationLengthMax,
    durationAtMost: formatDuration(leaseMaxMs),
    wanted: 'a duration such as 250ms, 1.5s or 2m',
    description: `${description} Such as 250ms, 1.5s, 2m.`,
  })

/** A clock may be wrong by a day. */
const clockOffsetMax = '1440m'

export const clockOffsetParameter = (description: string) =>
  Type.String({
    pattern: durationPattern.replace('^', '^-?'),
    maxLength: durationLengthMax,
    durationAtMost: clockOffsetMax,
    wanted: 'a duration such as 250ms, 5m or -5m',
    description: `${description} Such as 250ms, 5m, -5m.`,
  })

export const shareParameter = (description: string) =>
  Type.Number({ minimum: 0, maximum: 1, description: `${description} From 0 to 1.` })

export const connectionShareParameter = Type.Optional(
  shareParameter(
    'The share of connections that are affected, drawn once per connection; all when absent.',
  ),
)

/** Requests go from caller to callee, replies come back. */
const linkDirections = ['both', 'requests', 'replies'] as const
export type LinkDirection = (typeof linkDirections)[number]

export const directionParameter = (fallback: LinkDirection) =>
  Type.Optional(
    Type.Enum([...linkDirections], {
      description: `What is affected: requests go from caller to callee, replies come back. ${fallback} when absent.`,
    }),
  )

/** Environment variables of a process. */
export const environmentParameter = (description: string) =>
  Type.Record(
    Type.String(),
    Type.String({
      maxLength: pathLengthMax,
      // A process cannot have such a variable.
      pattern: '^[^\\u0000]*$',
      wanted: 'a text without a NUL (in quotes if it looks like a number)',
    }),
    {
      maxProperties: entriesMax,
      propertyNames: {
        type: 'string',
        maxLength: nameLengthMax,
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        wanted: 'letters, digits and _, and must not begin with a digit',
      },
      description,
    },
  )
