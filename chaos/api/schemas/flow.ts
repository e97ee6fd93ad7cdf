import { Type } from 'typebox'

import type {
  FlowComparison,
  FlowList,
  FlowMessage,
  FlowRecord,
} from '#chaos/contracts/flow-record.ts'

import { contractSchema, list, oneOf } from './contract-schema.ts'

const RunMs = Type.Number({ description: 'On the clock of the run, ms.' })

const FlowMessageSchema = contractSchema<FlowMessage>()(
  Type.Object({
    exchange: Type.String({ description: 'Request and reply have the same.' }),
    part: oneOf('request', 'reply'),
    link: Type.String(),
    from: Type.String(),
    to: Type.String(),
    text: Type.String({ description: 'The request, or the status of the reply.' }),
    summary: Type.Optional(Type.String()),
    sentMs: RunMs,
    arrivedMs: Type.Optional(Type.Number({ description: 'Absent: it never arrived.' })),
    fault: Type.Optional(Type.String({ description: 'What a fault did to it.' })),
    differs: Type.Optional(oneOf('same', 'new')),
  }),
)

export const FlowRecordSchema = contractSchema<FlowRecord>()(
  Type.Object({
    id: Type.String(),
    title: Type.String(),
    fromMs: RunMs,
    toMs: RunMs,
    lanes: list(Type.Object({ name: Type.String(), kind: oneOf('client', 'instance', 'store') })),
    messages: list(FlowMessageSchema),
    attempts: list(
      Type.Object({
        operation: Type.String(),
        instance: Type.String(),
        startMs: RunMs,
        endMs: RunMs,
        result: Type.String(),
        outcome: oneOf('ok', 'fail', 'unknown'),
      }),
    ),
    faults: list(
      Type.Object({ label: Type.String(), on: Type.String(), fromMs: RunMs, toMs: RunMs }),
    ),
    gaps: list(
      Type.Object({
        lane: Type.String(),
        what: oneOf('down', 'paused', 'starting'),
        fromMs: RunMs,
        toMs: RunMs,
        isPlanned: Type.Boolean(),
      }),
    ),
    holdings: list(
      Type.Object({
        source: Type.String(),
        atMs: RunMs,
        text: Type.String(),
        isWrong: Type.Optional(Type.Boolean()),
      }),
    ),
    isComplete: Type.Boolean(),
    incompleteBecause: Type.Optional(Type.String()),
  }),
)

export const FlowComparisonSchema = contractSchema<FlowComparison>()(
  Type.Object({
    flow: FlowRecordSchema,
    faultFree: FlowRecordSchema,
    missing: list(FlowMessageSchema),
  }),
)

export const FlowListSchema = contractSchema<FlowList>()(
  Type.Object({
    flows: list(
      Type.Object({
        id: Type.String(),
        title: Type.String(),
        names: list(Type.String()),
        result: Type.String({ description: 'How it ended, in a few words.' }),
        atMs: RunMs,
        isFailing: Type.Boolean({ description: 'A violated check names it.' }),
      }),
    ),
    isComplete: Type.Boolean(),
    incompleteBecause: Type.Optional(Type.String()),
  }),
)
