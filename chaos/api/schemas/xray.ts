import { Type } from 'typebox'

import type { XrayList, XrayBody, XraySummary } from '#chaos/contracts/api.ts'

import { Iso, list, nullable, oneOf } from './common.ts'
import { matches } from './matches.ts'

const summary = {
  id: Type.String(),
  flow: Type.String(),
  variant: Type.String({ description: 'Whose code was looked at.' }),
  mode: oneOf('full', 'quick'),
  startedAt: Iso,
  state: oneOf('running', 'done', 'stopped', 'failed'),
  error: nullable(Type.String()),
  status: Type.String({ description: 'What it is doing before there are cells.' }),
  done: Type.Integer(),
  total: Type.Integer(),
  leftMs: nullable(Type.Number()),
  folder: Type.String(),
  integrity: Type.Integer(),
  liveness: Type.Integer(),
  silent: Type.Integer(),
  ours: Type.Boolean({ description: 'This controller started it and can stop it.' }),
}

export const XraySummarySchema = matches<XraySummary>()(Type.Object(summary))

export const XrayViewSchema = Type.Object({
  ...summary,
  matrix: Type.Unknown({ description: 'As in xray.json; cells without their history.' }),
})

export const XrayListSchema = matches<XrayList>()(
  Type.Object({
    xrays: list(XraySummarySchema),
    flows: list(Type.Object({ name: Type.String(), description: Type.String() })),
    cannotStart: nullable(Type.String()),
  }),
)

export const XrayBodySchema = matches<XrayBody>()(
  Type.Object(
    {
      flow: Type.String(),
      mode: oneOf('full', 'quick'),
      lab: Type.Optional(Type.String()),
      version: Type.Optional(Type.String({ description: 'Of the lab: mine, start, shop, ...' })),
    },
    { additionalProperties: false },
  ),
)
