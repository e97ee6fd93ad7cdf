import { Type } from 'typebox'

import type { HealReport } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { looks } from '#chaos/contracts/look.ts'

import { contractSchema, Iso, list, oneOf } from './contract-schema.ts'

/** How the page draws a link while a toxic or a fault acts on it. */
export const LookSchema = oneOf(...(Object.keys(looks) as (keyof typeof looks)[]))

export const ActiveFaultSchema = contractSchema<ActiveFault>()(
  Type.Object({
    id: Type.String(),
    kind: Type.String(),
    look: Type.Optional(LookSchema),
    targets: list(Type.String({ description: 'A link, instance or store.' })),
    params: Type.Record(Type.String(), Type.Unknown()),
    mechanism: Type.String({
      description: 'What injects the fault: toxic, SIGKILL, iptables, ...',
    }),
    by: oneOf('user', 'scenario'),
    since: Iso,
    until: Iso,
    leaseMs: Type.Number({ description: 'The fault ends after this time at the latest.' }),
  }),
)

export const HealReportSchema = contractSchema<HealReport>()(
  Type.Object({
    undone: list(Type.String({ description: 'A fault or leftover that was healed.' })),
    couldNotUndo: list(Type.Object({ what: Type.String(), error: Type.String() })),
    starting: Type.Optional(
      list(Type.String({ description: 'An instance that was still starting.' })),
    ),
  }),
)
