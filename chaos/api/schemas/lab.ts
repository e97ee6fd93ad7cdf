import { Type } from 'typebox'

import type {
  AfterView,
  LabSummary,
  LabView,
  Lenses,
  SolutionView,
  UnlockBody,
} from '#chaos/contracts/api.ts'
import { textLengthMax } from '#chaos/contracts/max.ts'

import { contractSchema, Iso, list, nullable, oneOf } from './contract-schema.ts'
import { transferDue } from './learning.ts'
import { RunSummarySchema } from './run.ts'

const summary = {
  id: Type.String(),
  track: oneOf('first-steps', 'backend-reality', 'data-correctness', 'production-reality'),
  title: Type.String(),
  minutes: Type.Number({ description: 'How long the lab takes.' }),
  state: oneOf('new', 'started', 'violated', 'held'),
  hintsUsed: Type.Integer({ description: 'Number of hints that the learner has read.' }),
  breaks: Type.String({ description: 'What breaks.' }),
  lesson: Type.String({ description: 'What the learner learns.' }),
  position: Type.Integer({ description: 'Place in the learning path, from 1.' }),
  next: Type.Boolean({ description: 'The first lab of the path that does not hold.' }),
  transfer: Type.Object(transferDue),
}

const LockSchema = oneOf('the verdict', 'your explanation', 'held')

const lens = Type.String({ maxLength: textLengthMax })

export const LensesSchema = contractSchema<Lenses>()(
  Type.Object(
    { contract: lens, truth: lens, failure: lens, blastRadius: lens, tradeOff: lens },
    { additionalProperties: false },
  ),
)

export const UnlockSchema = contractSchema<UnlockBody>()(
  Type.Object(
    { section: oneOf('run', 'look', 'explain', 'after', 'solution') },
    { additionalProperties: false },
  ),
)

export const LabSummarySchema = contractSchema<LabSummary>()(Type.Object(summary))

export const LabViewSchema = contractSchema<LabView>()(
  Type.Object({
    ...summary,
    goal: Type.String(),
    seams: list(Type.Object({ seam: Type.String(), service: oneOf('api', 'worker', 'payments') })),
    workFolder: Type.String({
      description: "Folder of the learner's files, from the project's root.",
    }),
    files: list(Type.Object({ path: Type.String(), modifiedAt: Iso })),
    readme: Type.String({
      description: 'Text of the lab without the sections that are locked, in Markdown.',
    }),
    sections: list(
      Type.Object({
        id: oneOf('story', 'goal', 'predict', 'run', 'look', 'explain', 'fix', 'check'),
        title: Type.String(),
        markdown: Type.Optional(Type.String({ description: 'Absent while it is locked.' })),
        lockedUntil: Type.Optional(LockSchema),
      }),
    ),
    locked: list(Type.Object({ id: oneOf('after', 'solution'), until: LockSchema })),
    storyLockedUntil: nullable(LockSchema),
    question: Type.String({ description: 'What to predict.' }),
    answers: list(Type.String()),
    prediction: nullable(
      Type.Object({
        answer: Type.Integer({ description: 'Index of the answer.' }),
        confidence: Type.Number({ description: 'Percent, 0 to 100.' }),
        at: Iso,
      }),
    ),
    outcomeOfPrediction: nullable(
      Type.Object({
        right: Type.Integer({ description: 'Index of the right answer.' }),
        because: Type.String(),
      }),
    ),
    explanation: nullable(Type.String()),
    hints: list(Type.String()),
    hintsTotal: Type.Integer(),
    learned: list(Type.String()),
    lenses: LensesSchema,
    runs: list(RunSummarySchema),
  }),
)

export const AfterViewSchema = contractSchema<AfterView>()(
  Type.Object({
    text: Type.String({ description: 'What to read after a held verdict, in Markdown.' }),
  }),
)

export const SolutionViewSchema = contractSchema<SolutionView>()(
  Type.Object({
    files: list(
      Type.Object({
        seam: Type.String(),
        yours: Type.String({ description: "Path of the learner's file." }),
        shop: Type.String({ description: "Path of the shop's own file: the solution." }),
        diff: Type.String({
          description: "Unified diff from the starting code to the shop's file.",
        }),
      }),
    ),
  }),
)
