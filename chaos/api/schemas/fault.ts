import { Type } from 'typebox'

import type { HealReport } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'

import { contractSchema, Iso, list, oneOf } from './contract-schema.ts'

export const ActiveFaultSchema = contractSchema<ActiveFault>()(
  Type.Object({
    id: Type.String(),
    kind: Type.String(),
    targets: list(Type.String()),
    params: Type.Record(Type.String(), Type.Unknown()),
    mechanism: Type.String({ description: 'How it is done: toxic, SIGKILL, iptables ...' }),
    by: oneOf('user', 'scenario'),
    since: Iso,
    until: Iso,
    leaseMs: Type.Number(),
  }),
)

export const HealReportSchema = contractSchema<HealReport>()(
  Type.Object({
    undone: list(Type.String()),
    couldNotUndo: list(Type.Object({ what: Type.String(), error: Type.String() })),
  }),
)
