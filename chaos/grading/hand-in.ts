import { Type } from 'typebox'
import type { Static } from 'typebox'

import { closedObject } from '#chaos/lib/values.ts'

/** The first member of the file, so that a reader recognises it. */
export const handInFormat = 'unhappy-path hand-in'
/** A larger file is refused, unread. A learner who does all labs hands in less than 1 MB. */
export const handInMaxBytes = 8 * 1_048_576
export const nameMaxLength = 80

const word = Type.String({ maxLength: 200 })
const words = Type.String({ maxLength: 100_000 })

const LabSchema = Type.Object(
  {
    lab: word,
    startedAt: Type.Union([word, Type.Null()]),
    /** `answer` counts from 0. `confidence` is in percent. */
    prediction: Type.Union([
      Type.Object(
        { answer: Type.Integer(), confidence: Type.Number(), at: word, text: words },
        closedObject,
      ),
      Type.Null(),
    ]),
    explanation: Type.Union([words, Type.Null()]),
    lenses: Type.Object(
      { contract: words, truth: words, failure: words, blastRadius: words, tradeOff: words },
      closedObject,
    ),
    hintsUsed: Type.Integer({ minimum: 0 }),
    /** Parts that the learner unlocked before their time, and when. */
    unlocked: Type.Record(Type.String(), word),
    /** What the learner's own sandbox said, oldest first. `seed`: null if the folder of the run is gone. */
    runs: Type.Array(
      Type.Object(
        { run: word, outcome: word, at: word, seed: Type.Union([Type.Integer(), Type.Null()]) },
        closedObject,
      ),
      { maxItems: 10_000 },
    ),
    /** One per seam, in the sequence of the lab. A file has no path: the name of the seam says where it belongs. */
    files: Type.Array(Type.Object({ seam: word, text: Type.String() }, closedObject), {
      maxItems: 10,
    }),
  },
  closedObject,
)

export const HandInSchema = Type.Object(
  {
    format: Type.Literal(handInFormat),
    v: Type.Literal(1),
    /** The name that the learner gave. Null: none. */
    name: Type.Union([Type.String({ maxLength: nameMaxLength }), Type.Null()]),
    /** Version of Unhappy Path. */
    version: word,
    labs: Type.Array(LabSchema, { minItems: 1, maxItems: 100 }),
  },
  closedObject,
)

/** What a learner hands in: one JSON file. The same work gives the same bytes. */
export type HandIn = Static<typeof HandInSchema>
export type HandedInLab = Static<typeof LabSchema>
