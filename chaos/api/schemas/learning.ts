import { Type } from 'typebox'

import type { LearningEvidence, TransferBody, TransferView } from '#chaos/contracts/api.ts'
import { countMax } from '#chaos/contracts/max.ts'

import { contractSchema, Iso, list, Name, nullable, oneOf } from './contract-schema.ts'

export const transferDue = {
  state: oneOf('locked', 'due', 'waiting', 'done'),
  dueAt: nullable(Iso),
}

const step = oneOf('now', 'later')
const answer = {
  message: Type.Integer({
    minimum: 0,
    maximum: countMax,
    description: 'Number of a message; 0: none of them.',
  }),
  choice: Name,
  confidence: Type.Number({ minimum: 0, maximum: 100, description: 'Percent, 0 to 100.' }),
}

export const TransferBodySchema = contractSchema<TransferBody>()(
  Type.Object({ step, ...answer }, { additionalProperties: false }),
)

const QuestionSchema = Type.Object({
  step,
  title: Type.String(),
  setting: Type.String(),
  code: Type.String(),
  messages: list(
    Type.Object({
      number: Type.Integer(),
      line: Type.Integer({ description: 'Line of the code, from 1.' }),
      says: Type.String(),
    }),
  ),
  choices: list(Type.Object({ id: Type.String(), says: Type.String() })),
})

export const TransferViewSchema = contractSchema<TransferView>()(
  Type.Object({
    lab: Type.String(),
    ...transferDue,
    question: nullable(QuestionSchema),
    answered: list(
      Type.Object({
        question: QuestionSchema,
        answer: Type.Object({ ...answer, right: Type.Boolean(), at: Iso }),
        right: Type.Object({ messages: list(Type.Integer()), choice: Type.String() }),
        wrong: list(Type.Object({ choice: Type.String(), because: Type.String() })),
        explanation: Type.String(),
        elsewhere: list(Type.String()),
      }),
    ),
  }),
)

const share = { right: Type.Integer(), answered: Type.Integer() }
const ShareSchema = Type.Object(share)
const CalibrationSchema = Type.Object({
  ...share,
  confidence: nullable(Type.Number({ description: 'Mean, in percent.' })),
  brier: nullable(Type.Number({ description: 'Brier score: 0 is perfect.' })),
  bands: list(Type.Object({ ...share, from: Type.Number(), to: Type.Number() })),
})

export const LearningEvidenceSchema = contractSchema<LearningEvidence>()(
  Type.Object({
    learners: Type.Integer(),
    predictions: CalibrationSchema,
    transfer: Type.Object({ now: ShareSchema, later: ShareSchema, calibration: CalibrationSchema }),
    labs: list(
      Type.Object({
        id: Type.String(),
        predictions: ShareSchema,
        now: ShareSchema,
        later: ShareSchema,
      }),
    ),
    sentences: list(Type.String()),
  }),
)
