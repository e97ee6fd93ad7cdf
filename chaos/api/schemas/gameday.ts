import { Type } from 'typebox'

import { actionKinds } from '#chaos/contracts/gameday/incident.ts'
import {
  answeredPlacesMax,
  entriesMax,
  nameLengthMax,
  textLengthMax,
} from '#chaos/contracts/max.ts'

import { oneOf } from './contract-schema.ts'

const strict = { additionalProperties: false } as const
const Place = Type.String({ minLength: 1, maxLength: nameLengthMax })
const Places = Type.Array(Place, { maxItems: answeredPlacesMax })

export const GamedayBodySchema = Type.Object(
  {
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    incidents: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 })),
    minutes: Type.Optional(Type.Number({ minimum: 1, maximum: 9 })),
    incident: Type.Optional(Type.String({ minLength: 1, maxLength: nameLengthMax })),
    brisk: Type.Optional(Type.Boolean({ description: 'Short times, to try the commands.' })),
  },
  strict,
)

export const AnswersBodySchema = Type.Object(
  {
    wrong: Type.Boolean({ description: 'Whether something is wrong.' }),
    where: Type.Optional(Places),
    cause: Type.Optional(Place),
    chain: Type.Optional(Places),
    note: Type.Optional(Type.String({ maxLength: Math.min(2_000, textLengthMax) })),
    final: Type.Optional(Type.Boolean({ description: 'The incident closes.' })),
  },
  strict,
)

export const ActionBodySchema = Type.Object(
  {
    action: oneOf(...actionKinds),
    target: Place,
    settings: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: nameLengthMax }), {
        maxProperties: Math.min(20, entriesMax),
      }),
    ),
    pid: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })),
  },
  strict,
)
