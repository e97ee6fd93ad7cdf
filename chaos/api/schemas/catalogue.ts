import { Type } from 'typebox'

import type { CatalogueView } from '#chaos/contracts/api.ts'

import { contractSchema, list, oneOf } from './contract-schema.ts'

export const CatalogueViewSchema = contractSchema<CatalogueView>()(
  Type.Object({
    faults: list(
      Type.Object({
        kind: Type.String(),
        description: Type.String(),
        target: oneOf('link', 'instance', 'store'),
        stores: Type.Optional(
          list(Type.String({ description: 'A store on which this fault works.' })),
        ),
        params: Type.Unknown({ description: 'JSON Schema of the parameters.' }),
        here: Type.String({ description: 'How this runtime injects the fault, or why it cannot.' }),
        available: Type.Boolean({ description: 'This runtime can inject the fault.' }),
      }),
    ),
    checks: list(
      Type.Object({
        name: Type.String(),
        description: Type.String(),
        params: Type.Unknown({ description: 'JSON Schema of the parameters.' }),
      }),
    ),
  }),
)
