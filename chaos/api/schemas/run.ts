import { Type } from 'typebox'

import type { RunSummary, RunView } from '#chaos/contracts/api.ts'
import type { CheckResult, Verdict } from '#chaos/contracts/check.ts'
import { phases } from '#chaos/contracts/events.ts'

import {
  ApiErrorSchema,
  contractSchema,
  Iso,
  list,
  Name,
  nullable,
  oneOf,
  OutcomeSchema,
} from './contract-schema.ts'

/** As many as a lab can have. */
const namedVariantsMax = 20

export const VariantNames = Type.Array(Name, {
  minItems: 1,
  maxItems: namedVariantsMax,
  description:
    'With a lab: runs exactly these variants after the scenario, in this sequence, and no sweep; all stands for every variant.',
})

const CheckResultSchema = contractSchema<CheckResult>()(
  Type.Object({
    name: Type.String(),
    title: Type.String(),
    outcome: OutcomeSchema,
    summary: Type.String({ description: 'The result in one sentence, with its numbers.' }),
    measured: Type.Optional(Type.Number({ description: 'The figure that was measured.' })),
    limit: Type.Optional(Type.Number({ description: 'The limit for that figure.' })),
    offenders: list(
      Type.Object({ id: Type.String(), expected: Type.String(), actual: Type.String() }),
    ),
    offendersTotal: Type.Integer(),
    excused: Type.Optional(
      Type.Literal(true, {
        description: 'Violated, but a busy machine alone can have caused that: inconclusive.',
      }),
    ),
  }),
)

const VerdictSchema = contractSchema<Verdict>()(
  Type.Object({
    outcome: OutcomeSchema,
    headline: Type.String({ description: 'The verdict in one sentence.' }),
    checks: list(CheckResultSchema),
    reasons: list(Type.String({ description: 'Why the run is inconclusive.' })),
    story: Type.Optional(
      Type.Object({
        about: Type.String({ description: 'Key of the order.' }),
        headline: Type.String(),
        lines: list(Type.Object({ ms: Type.Number(), who: Type.String(), text: Type.String() })),
        expected: Type.String(),
        actual: Type.String(),
      }),
    ),
    machine: Type.Optional(
      Type.Object({
        othersShare: Type.Optional(
          Type.Number({ description: 'Share of the processors that other programs used, 0 to 1.' }),
        ),
        throttledShare: Type.Number({
          description: 'Share of the time in which a processor limit stopped a container.',
        }),
        lateMaxMs: Type.Number({ description: 'How late a timer of the controller was at most.' }),
        processors: Type.Optional(Type.Integer({ description: 'Processors of the sandbox.' })),
        processorLimit: Type.Optional(
          Type.Number({ description: "Limit of the controller's container, in processors." }),
        ),
        pressureShare: Type.Optional(
          Type.Number({
            description: 'Share of the time in which a program waited for a processor (PSI).',
          }),
        ),
        linksLateMaxMs: Type.Optional(
          Type.Number({ description: 'How late a timer of the links was at most.' }),
        ),
        instances: Type.Optional(
          list(
            Type.Object({
              name: Type.String(),
              loopDelayMaxMs: Type.Optional(
                Type.Number({ description: 'Longest delay of the event loop.' }),
              ),
              throttledShare: Type.Optional(
                Type.Number({
                  description: 'Share of the time in which the limit of its container stopped it.',
                }),
              ),
            }),
          ),
        ),
      }),
    ),
  }),
)

const summary = {
  id: Type.String(),
  title: Type.String(),
  lab: Type.Optional(Type.String()),
  version: Type.Optional(
    Type.String({ description: 'Version of the code: mine, start, shop, ...' }),
  ),
  seed: Type.Integer({ description: 'Start of the random choices. The same seed repeats them.' }),
  startedAt: Iso,
  endedAt: nullable(Iso),
  zeroMs: Type.Optional(
    Type.Number({
      description:
        "Time stamp (ms) of the run's events at which its clients began to send. Every time of the run counts from it.",
    }),
  ),
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
    storyLockedUntil: Type.Optional(
      Type.Literal('your explanation', {
        description: 'The verdict has a story that this page may not show yet.',
      }),
    ),
    error: nullable(ApiErrorSchema),
    folder: Type.String({ description: "Folder of the run, from the project's root." }),
    files: list(Type.String({ description: 'Path in that folder.' })),
  }),
)
