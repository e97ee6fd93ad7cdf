import { Type } from 'typebox'

import type { RunSummary, RunView } from '#chaos/contracts/api.ts'
import type { CheckResult, Verdict } from '#chaos/contracts/check.ts'
import { phases } from '#chaos/contracts/events.ts'

import {
  ApiErrorSchema,
  contractSchema,
  Iso,
  list,
  nullable,
  oneOf,
  OutcomeSchema,
} from './contract-schema.ts'

const CheckResultSchema = contractSchema<CheckResult>()(
  Type.Object({
    name: Type.String(),
    title: Type.String(),
    outcome: OutcomeSchema,
    summary: Type.String({ description: 'One sentence with the numbers.' }),
    measured: Type.Optional(Type.Number()),
    limit: Type.Optional(Type.Number()),
    offenders: list(
      Type.Object({ id: Type.String(), expected: Type.String(), actual: Type.String() }),
    ),
    offendersTotal: Type.Integer(),
  }),
)

const VerdictSchema = contractSchema<Verdict>()(
  Type.Object({
    outcome: OutcomeSchema,
    headline: Type.String(),
    checks: list(CheckResultSchema),
    reasons: list(Type.String()),
    story: Type.Optional(
      Type.Object({
        about: Type.String(),
        headline: Type.String(),
        lines: list(Type.Object({ ms: Type.Number(), who: Type.String(), text: Type.String() })),
        expected: Type.String(),
        actual: Type.String(),
      }),
    ),
  }),
)

const summary = {
  id: Type.String(),
  title: Type.String(),
  lab: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  seed: Type.Integer(),
  startedAt: Iso,
  endedAt: nullable(Iso),
  state: oneOf('running', 'done', 'aborted', 'failed'),
  outcome: nullable(OutcomeSchema),
  headline: nullable(Type.String()),
}

export const RunSummarySchema = contractSchema<RunSummary>()(Type.Object(summary))

export const RunViewSchema = contractSchema<RunView>()(
  Type.Object({
    ...summary,
    phase: nullable(oneOf(...phases)),
    checks: list(CheckResultSchema),
    verdict: nullable(VerdictSchema),
    error: nullable(ApiErrorSchema),
    folder: Type.String(),
    files: list(Type.String()),
  }),
)
