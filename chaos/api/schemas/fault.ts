import { Type } from 'typebox'

import type { HealReport } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'

import { Iso, list, oneOf } from './common.ts'
import { matches } from './matches.ts'

export const ActiveFaultSchema = matches<ActiveFault>()(
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

export const HealReportSchema = matches<HealReport>()(
  Type.Object({
    undone: list(Type.String()),
    couldNotUndo: list(Type.Object({ what: Type.String(), error: Type.String() })),
  }),
)
