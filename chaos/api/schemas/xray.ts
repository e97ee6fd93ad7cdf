import { Type } from 'typebox'

import type { XrayList, XrayBody, XraySummary } from '#chaos/contracts/api.ts'
import { nameLengthMax } from '#chaos/contracts/max.ts'

import { contractSchema, Iso, list, nullable, oneOf } from './contract-schema.ts'

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
    cannotStart: nullable(Type.String({ description: 'Why no X-ray can start here.' })),
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
    },
    { additionalProperties: false },
  ),
)
