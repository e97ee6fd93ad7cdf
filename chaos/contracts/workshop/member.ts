import { Type } from 'typebox'
import type { Static } from 'typebox'

import { nameLengthMax } from '../max.ts'
import { Id, learnerNameMax, strict } from './strict.ts'

export const JoinBodySchema = Type.Object(
  {
    /** The join code, as the instructor shows it. Upper and lower case are the same. */
    code: Type.String({ minLength: 1, maxLength: 20 }),
    name: Type.String({ minLength: 1, maxLength: learnerNameMax }),
    /**
     * A random secret of this sandbox. Joining again with the same key continues as the same learner, and the earlier token
     * ends.
     */
    key: Type.String({ minLength: 32, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
    /** Whether the instructor may start incidents in this sandbox. */
    acceptsIncidents: Type.Boolean(),
  },
  strict,
)
export type JoinBody = Static<typeof JoinBodySchema>

export const JoinResponseSchema = Type.Object({
  learner: Id,
  token: Type.String({ minLength: 1, maxLength: nameLengthMax }),
  /** As the host shows it: a number follows if the name was taken. */
  name: Type.String({ maxLength: nameLengthMax }),
  /** Title of the workshop. */
  workshop: Type.String({ maxLength: nameLengthMax }),
})
export type JoinResponse = Static<typeof JoinResponseSchema>

/** What the host has about the learner of the token. */
export interface MemberView {
  readonly learner: string
  readonly name: string
  readonly workshop: string
  readonly acceptsIncidents: boolean
  readonly reports: number
}

export interface HostAlive {
  readonly startedAt: string
  readonly workshop: string
}
