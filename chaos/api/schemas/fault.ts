import { Type } from 'typebox'

import type { HealReport } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { looks } from '#chaos/contracts/look.ts'

import { Iso, list, oneOf } from './common.ts'
import { matches } from './matches.ts'

/** How the page draws a link while a toxic or a fault acts on it. */
export const LookSchema = oneOf(...(Object.keys(looks) as (keyof typeof looks)[]))

export const ActiveFaultSchema = matches<ActiveFault>()(
  Type.Object({
    id: Type.String(),
    kind: Type.String(),
    look: Type.Optional(LookSchema),
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
