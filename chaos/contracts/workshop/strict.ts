import { Type } from 'typebox'

import { millisecondsMax, nameLengthMax } from '../max.ts'

/** Characters of a learner's name. */
export const learnerNameMax = 60
/** Characters of a note, a hint or a request for help. */
const noteLengthMax = 2_000

/** An id that a program made. */
export const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })

/** The id of a lab: `dual-write`. Terminals print it, also as part of a command. */
export const LabId = Type.String({
  minLength: 1,
  maxLength: nameLengthMax,
  pattern: '^[A-Za-z0-9_-]+$',
})

/** ISO 8601 in UTC, and a time that exists: a view computes with it. */
export const Time = Type.String({
  maxLength: 40,
  pattern: String.raw`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?Z$`,
})

export const Seed = Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 })

export const Outcome = Type.Union([
  Type.Literal('held'),
  Type.Literal('violated'),
  Type.Literal('inconclusive'),
])

/** How long an exercise or an incident may take, ms. At most a day. */
export const limitMsMax = 24 * millisecondsMax

/** Text of a user. It is shown as text and never interpreted. */
export const NoteText = Type.String({ minLength: 1, maxLength: noteLengthMax })

/** Objects of a request: a member that is not in the schema is an error. */
export const strict = { additionalProperties: false } as const
