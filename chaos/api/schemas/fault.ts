import { Type } from 'typebox'

import type { HealReport } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'

import { contractSchema, Iso, list, oneOf } from './contract-schema.ts'

export const ActiveFaultSchema = contractSchema<ActiveFault>()(
  Type.Object({
    id: Type.String(),
    kind: Type.String(),
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
  }),
)
