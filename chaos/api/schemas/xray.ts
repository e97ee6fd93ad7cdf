import { Type } from 'typebox'

import type { XrayList, XrayBody, XraySummary } from '#chaos/contracts/api.ts'
import {
  millisecondsMax,
  nameLengthMax,
  pathLengthMax,
  scenarioLengthMax,
} from '#chaos/contracts/max.ts'

import { contractSchema, Iso, list, nullable, oneOf } from './contract-schema.ts'

/** More cells than any flow has. */
const listedMax = 1_000

const summary = {
  id: Type.String(),
  flow: Type.String(),
  variant: Type.String({ description: 'Name of the code that is tested.' }),
  mode: oneOf('full', 'quick'),
  startedAt: Iso,
  state: oneOf('running', 'done', 'stopped', 'failed'),
  error: nullable(Type.String()),
  status: Type.String({ description: 'Current step, until there are cells.' }),
  done: Type.Integer({ description: 'Number of finished cells.' }),
  total: Type.Integer({ description: 'Number of all cells.' }),
  leftMs: nullable(Type.Number({ description: 'Estimated time until the end.' })),
  folder: Type.String({ description: "Folder of the X-ray, from the project's root." }),
  integrity: Type.Integer({ description: 'Cells with wrong data.' }),
  liveness: Type.Integer({ description: 'Cells that do not end.' }),
  silent: Type.Integer({ description: 'Cells without a result.' }),
  ours: Type.Boolean({ description: 'This controller has started the X-ray and can stop it.' }),
}

export const XraySummarySchema = contractSchema<XraySummary>()(Type.Object(summary))

export const XrayViewSchema = Type.Object({
  ...summary,
  matrix: Type.Unknown({ description: 'As in xray.json, without the histories of the cells.' }),
})

export const XrayListSchema = contractSchema<XrayList>()(
  Type.Object({
    xrays: list(XraySummarySchema),
    flows: list(Type.Object({ name: Type.String(), description: Type.String() })),
    files: nullable(
      list(
        Type.Object({
          name: Type.String(),
          description: Type.String(),
          error: nullable(Type.String({ description: 'Why no X-ray of this file can start.' })),
        }),
      ),
    ),
    cannotStart: nullable(Type.String({ description: 'Why no X-ray can start here.' })),
    usesSandbox: Type.Boolean({
      description:
        'An X-ray uses the sandbox of this controller: nothing else can use it meanwhile. False: it starts its own.',
    }),
  }),
)

export const XrayBodySchema = contractSchema<XrayBody>()(
  Type.Object(
    {
      flow: Type.String({ maxLength: nameLengthMax }),
      mode: oneOf('full', 'quick'),
      lab: Type.Optional(Type.String({ maxLength: nameLengthMax })),
      version: Type.Optional(
        Type.String({
          maxLength: nameLengthMax,
          description: 'Version of the lab: mine, start, shop, ...',
        }),
      ),
      exerciseDir: Type.Optional(
        Type.String({
          maxLength: pathLengthMax,
          description: 'Folder of seam files, instead of a lab.',
        }),
      ),
      off: Type.Optional(
        Type.ReadonlyType(Type.Array(Type.String({ maxLength: nameLengthMax })), {
          maxItems: listedMax,
          description: 'Safety nets to turn off. Absent: those that the lab turns off.',
        }),
      ),
      only: Type.Optional(
        Type.ReadonlyType(Type.Array(Type.String({ maxLength: pathLengthMax })), {
          maxItems: listedMax,
          description: 'The cells to run, for example s07/reply-cut. Absent: all.',
        }),
      ),
      file: Type.Optional(
        Type.Object(
          {
            path: Type.String({ maxLength: pathLengthMax }),
            text: Type.String({ maxLength: scenarioLengthMax }),
          },
          { additionalProperties: false, description: 'A flow file instead of a flow.' },
        ),
      ),
      retry: Type.Optional(
        Type.Boolean({ description: 'The client sends each request of the file twice.' }),
      ),
      budgetMs: Type.Optional(
        Type.Number({
          minimum: 1_000,
          maximum: 24 * millisecondsMax,
          description: 'Cells that have not begun after this time do not run. Absent: all run.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
)
