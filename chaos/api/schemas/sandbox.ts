import { Type } from 'typebox'

import type { SandboxView, TrafficRates } from '#chaos/contracts/api.ts'
import type { LinkStatus } from '#chaos/contracts/links.ts'
import { runtimeKinds } from '#chaos/contracts/runtime.ts'
import type { InstanceStatus } from '#chaos/contracts/runtime.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'

import { Iso, list, nullable, oneOf } from './common.ts'
import { ActiveFaultSchema, LookSchema } from './fault.ts'
import { matches } from './matches.ts'

const count = Type.Integer({ minimum: 0 })

export const TruthCountersSchema = matches<TruthCounters>()(
  Type.Object({
    orders: count,
    paid: count,
    unfinished: count,
    charged: count,
    ledgerCharges: count,
    queueWaiting: count,
    queueActive: count,
    queueDelayed: count,
    outboxWaiting: count,
  }),
)

const rate = Type.Number({ minimum: 0, maximum: 200, description: 'Operations per second.' })

export const TrafficRatesSchema = matches<TrafficRates>()(
  Type.Object({
    ordersPerSecond: rate,
    browsePerSecond: rate,
    quotesPerSecond: rate,
    readOrdersPerSecond: rate,
  }),
)

const InstanceStatusSchema = matches<InstanceStatus>()(
  Type.Object({
    name: Type.String(),
    kind: oneOf('service', 'store', 'proxy'),
    state: oneOf('absent', 'starting', 'ready', 'unready', 'paused', 'exited'),
    pid: Type.Optional(Type.Integer()),
    startedAt: Type.Optional(Iso),
    restarts: count,
    lastExit: Type.Optional(
      Type.Object({ code: nullable(Type.Integer()), signal: nullable(Type.String()) }),
    ),
    seams: Type.Optional(
      list(
        Type.Object({
          seam: Type.String(),
          source: oneOf('shop', 'exercise'),
          sha256: Type.String(),
        }),
      ),
    ),
  }),
)

const ToxicSchema = Type.Object({
  name: Type.String(),
  type: Type.String(),
  stream: oneOf('upstream', 'downstream'),
  toxicity: Type.Number({ minimum: 0, maximum: 1 }),
  attributes: Type.Record(Type.String(), Type.Unknown()),
  look: LookSchema,
  label: Type.String(),
})

const LinkStatusSchema = matches<LinkStatus>()(
  Type.Object({
    name: Type.String(),
    listen: Type.String(),
    upstream: Type.String(),
    enabled: Type.Boolean(),
    toxics: list(ToxicSchema),
    connections: count,
    bytesUpstream: count,
    bytesDownstream: count,
  }),
)

export const SandboxViewSchema = matches<SandboxView>()(
  Type.Object({
    runtime: oneOf(...runtimeKinds),
    version: Type.String(),
    node: Type.String(),
    slot: count,
    startedAt: Iso,
    ready: Type.Boolean(),
    halted: Type.Boolean(),
    urls: Type.Object({
      dashboard: Type.String(),
      shop: list(Type.String()),
      proxy: Type.String(),
      postgres: Type.String(),
      redis: Type.String(),
      inside: Type.Optional(
        Type.Object({ proxy: Type.String(), postgres: Type.String(), redis: Type.String() }),
      ),
    }),
    instances: list(InstanceStatusSchema),
    links: list(LinkStatusSchema),
    faults: list(ActiveFaultSchema),
    truth: nullable(TruthCountersSchema),
    acknowledged: count,
    traffic: nullable(TrafficRatesSchema),
    run: nullable(Type.String()),
    lastSeq: count,
  }),
)
