import { Type } from 'typebox'

import type { LabSummary, LabView, SolutionView } from '#chaos/contracts/api.ts'

import { contractSchema, Iso, list, nullable, oneOf } from './contract-schema.ts'
import { RunSummarySchema } from './run.ts'

const summary = {
  id: Type.String(),
  track: oneOf('first-steps', 'backend-reality', 'data-correctness', 'production-reality'),
  title: Type.String(),
  minutes: Type.Number(),
  state: oneOf('new', 'started', 'violated', 'held'),
  hintsUsed: Type.Integer(),
}

export const LabSummarySchema = contractSchema<LabSummary>()(Type.Object(summary))

export const LabViewSchema = contractSchema<LabView>()(
  Type.Object({
    ...summary,
    goal: Type.String(),
    seams: list(Type.Object({ seam: Type.String(), service: oneOf('api', 'worker', 'payments') })),
    workFolder: Type.String(),
    files: list(Type.Object({ path: Type.String(), modifiedAt: Iso })),
    readme: Type.String({ description: 'Markdown.' }),
    question: Type.String(),
    answers: list(Type.String()),
    prediction: nullable(
      Type.Object({ answer: Type.Integer(), confidence: Type.Number(), at: Iso }),
    ),
    outcomeOfPrediction: nullable(Type.Object({ right: Type.Integer(), because: Type.String() })),
    explanation: nullable(Type.String()),
    hints: list(Type.String()),
    hintsTotal: Type.Integer(),
    learned: list(Type.String()),
    runs: list(RunSummarySchema),
  }),
)

export const SolutionViewSchema = contractSchema<SolutionView>()(
  Type.Object({
    files: list(
      Type.Object({
        seam: Type.String(),
        yours: Type.String(),
        shop: Type.String(),
        diff: Type.String({ description: "Unified, from start/ to the shop's own file." }),
      }),
    ),
  }),
)
