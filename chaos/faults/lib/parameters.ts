import { Type } from 'typebox'

import { durationPattern } from '#chaos/lib/duration.ts'

/** Parameters that several faults share, so that one word means one thing everywhere. */

/** No parameter that is not in the list: a misspelt one is an error, not silence. */
export const closed = { additionalProperties: false } as const

const delayMaxMs = 600_000

export const milliseconds = (description: string) =>
  Type.Integer({ minimum: 0, maximum: delayMaxMs, description: `${description} In milliseconds.` })

export const duration = (description: string) =>
  Type.String({
    pattern: durationPattern,
    wanted: 'a duration such as 250ms, 1.5s or 2m',
    description: `${description} Such as 250ms, 1.5s, 2m.`,
  })

export const share = (description: string) =>
  Type.Number({ minimum: 0, maximum: 1, description: `${description} From 0 to 1.` })

export const connectionShare = share(
  'The share of connections that it touches, drawn once per connection; all when absent.',
)

export const directions = ['both', 'requests', 'replies'] as const
export type Direction = (typeof directions)[number]

export const direction = (fallback: Direction) =>
  Type.Enum([...directions], {
    description: `What it touches: requests go from caller to callee, replies come back. ${fallback} when absent.`,
  })

/** Text that a person may want to see in the environment of a process. */
export const environment = Type.Record(
  Type.String({ pattern: '^[A-Z][A-Z0-9_]*$' }),
  Type.String(),
  {
    description: 'Environment variables of the new version, added to what the instance has.',
  },
)
