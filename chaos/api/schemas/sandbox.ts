import { Type } from 'typebox'
import type { TOptional, TSchema, TString } from 'typebox'

import type {
  AliveView,
  ProfileView,
  SandboxView,
  SystemView,
  TrafficRates,
} from '#chaos/contracts/api.ts'
import type { LinkHealth, LinkStatus } from '#chaos/contracts/links.ts'
import { runtimeKinds } from '#chaos/contracts/runtime.ts'
import type { DirectConnections, InstanceStatus } from '#chaos/contracts/runtime.ts'
import { truthOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import { flowResultNames } from '#chaos/contracts/system/flow.ts'
import type { FlowResultName } from '#chaos/contracts/system/flow.ts'
import type { TruthFigure } from '#chaos/contracts/system/system-page.ts'
import type { PartialCounters, TruthCounters } from '#chaos/contracts/truth.ts'
import { trafficRate } from '#chaos/workload/rates.ts'

import { contractSchema, Iso, list, nullable, oneOf } from './contract-schema.ts'
import { ActiveFaultSchema, LookSchema } from './fault.ts'

const count = Type.Integer({ minimum: 0 })

/** The parts of a system that responses are about. */
type ShownSystem = Pick<System, 'operations' | 'truth'>

export function truthCountersSchema(system: ShownSystem) {
  const truth = truthOf(system)
  return contractSchema<TruthCounters>()(
    namedNumbers(
      truth.counters.map(({ name }) => name),
      count,
    ),
  )
}

function namedNumbers<Value extends TSchema>(names: readonly string[], value: Value) {
  return Type.Object(Object.fromEntries(names.map((name) => [name, value])))
}

export function partialCountersSchema(system: ShownSystem) {
  const truth = truthOf(system)
  return contractSchema<PartialCounters>()(
    Type.Object({
      counters: Type.Record(Type.Enum(truth.counters.map(({ name }) => name)), count),
      unread: list(Type.Object({ source: oneOf(...truth.sources), error: Type.String() })),
    }),
  )
}

export const AliveViewSchema = contractSchema<AliveView>()(
  Type.Object({
    startedAt: Iso,
    slot: Type.Integer({ minimum: 0 }),
    pid: Type.Integer({ description: 'Process id of the controller, in its own namespace.' }),
  }),
)

const rate = Type.Number({ minimum: 0, maximum: 200, description: 'Requests per second.' })

export function trafficRatesSchema({ operations }: ShownSystem) {
  return contractSchema<TrafficRates>()(
    namedNumbers(
      operations.map((operation) => trafficRate(operation)),
      rate,
    ),
  )
}

const InstanceStatusSchema = contractSchema<InstanceStatus>()(
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
  toxicity: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'Share of connections that the toxic affects.',
  }),
  attributes: Type.Record(Type.String(), Type.Unknown()),
  look: LookSchema,
  label: Type.String(),
})

const LinkHealthSchema = contractSchema<LinkHealth>()(
  Type.Object(
    {
      windowMs: count,
      ended: count,
      failed: count,
      p50Ms: nullable(Type.Number()),
      p95Ms: nullable(Type.Number()),
      waiting: count,
      waitsMs: count,
    },
    { description: 'Exchanges of the last seconds. Absent while no page reads the event stream.' },
  ),
)

const LinkStatusSchema = contractSchema<LinkStatus>()(
  Type.Object({
    name: Type.String(),
    listen: Type.String(),
    upstream: Type.String(),
    enabled: Type.Boolean({ description: 'The link accepts connections.' }),
    toxics: list(ToxicSchema),
    connections: count,
    bytesUpstream: count,
    bytesDownstream: count,
    tls: Type.Optional(Type.Literal('bytes', { description: 'TLS was seen. It passes as bytes.' })),
    exchanges: Type.Optional(LinkHealthSchema),
  }),
)

export const DirectConnectionsSchema = contractSchema<DirectConnections>()(
  Type.Object({
    caller: Type.String({ description: 'A service, `host`, or an unknown address.' }),
    callee: Type.String(),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    address: Type.String({ description: 'What the caller has opened.' }),
    count,
    opened: oneOf('before', 'since'),
  }),
)

/** Absent: the system does not have the store. */
const StoreUrls = {
  postgres: Type.Optional(Type.String()),
  redis: Type.Optional(Type.String()),
}

const texts = list(Type.String())

const FigureSchema = contractSchema<TruthFigure>()(
  Type.Object({
    text: Type.String({ description: 'What the figure counts.' }),
    counters: list(Type.String({ description: 'A counter. The figure is the sum of them.' })),
    role: Type.Optional(oneOf('accepted', 'stored', 'agrees', 'unfinished', 'work')),
    alarm: Type.Optional(Type.Object({ thing: Type.String(), what: Type.String() })),
    store: Type.Optional(Type.String({ description: 'The store whose box shows it.' })),
    drawn: Type.Optional(Type.Boolean()),
  }),
)

const SystemViewSchema = contractSchema<SystemView>()(
  Type.Object({
    name: Type.String(),
    adopted: Type.Optional(Type.Literal(true, { description: "A user's own system." })),
    instances: list(Type.Object({ name: Type.String(), service: Type.String() })),
    stores: texts,
    links: list(
      Type.Object({
        name: Type.String(),
        caller: Type.String({ description: 'An instance, or client.' }),
        callee: Type.String(),
        protocol: oneOf('http', 'postgres', 'redis', 'bytes'),
        profile: Type.Optional(Type.String({ description: 'The profile that opened it.' })),
      }),
    ),
    operations: list(Type.Object({ kind: Type.String(), nouns: Type.String() })),
    page: Type.Object(
      {
        figures: list(FigureSchema),
        gauges: Type.Optional(
          list(Type.Object({ service: Type.String(), metric: Type.String(), text: Type.String() })),
        ),
        loads: Type.Optional(
          list(
            Type.Object({
              name: Type.String(),
              rates: Type.ReadonlyType(Type.Record(Type.String(), Type.Number())),
            }),
          ),
        ),
        example: Type.Optional(Type.Object({ title: Type.String(), command: Type.String() })),
        restore: Type.Optional(Type.String()),
      },
      { description: 'What the dashboard shows about the system.' },
    ),
    meanings: Type.Optional(
      Type.Object(
        Object.fromEntries(
          [...flowResultNames, 'not-fired' as const].map((name) => [
            name,
            Type.Optional(Type.String()),
          ]),
        ) as Record<FlowResultName | 'not-fired', TOptional<TString>>,
        { description: 'What the results of an X-ray mean, in words of the system.' },
      ),
    ),
  }),
)

export const ProfileViewSchema = contractSchema<ProfileView>()(
  Type.Object({
    name: Type.String(),
    description: Type.String(),
    on: Type.Boolean(),
    holders: list(
      Type.String({ description: 'What asked for it: user, scenario, or fault and its id.' }),
    ),
    parts: list(Type.String({ description: 'A store or a link.' })),
  }),
)

export const sandboxViewSchema = (system: ShownSystem) =>
  contractSchema<SandboxView>()(
    Type.Object({
      system: SystemViewSchema,
      runtime: oneOf(...runtimeKinds, 'adopted'),
      version: Type.String(),
      node: Type.String(),
      slot: Type.Integer({ minimum: 0, description: 'Number of the sandbox. It sets the ports.' }),
      startedAt: Iso,
      ready: Type.Boolean({ description: 'Every instance is ready.' }),
      halted: Type.Boolean({ description: 'New faults are refused.' }),
      urls: Type.Object({
        dashboard: Type.String(),
        shop: list(Type.String({ description: 'One URL per API instance, through its link.' })),
        proxy: Type.String(),
        ...StoreUrls,
        inside: Type.Optional(Type.Object({ proxy: Type.String(), ...StoreUrls })),
      }),
      instances: list(InstanceStatusSchema),
      links: list(LinkStatusSchema),
      faults: list(ActiveFaultSchema),
      truth: nullable(truthCountersSchema(system)),
      acknowledged: Type.Integer({
        minimum: 0,
        description: 'Orders that the shop has acknowledged to the customers of this sandbox.',
      }),
      traffic: nullable(trafficRatesSchema(system)),
      run: nullable(Type.String({ description: 'Id of the current run.' })),
      lastSeq: Type.Integer({ minimum: 0, description: 'Number of the last event.' }),
      hidesIncidents: Type.Optional(
        Type.Literal(true, {
          description: 'A game day runs: what is wrong, if anything, is hidden.',
        }),
      ),
      unread: Type.Optional(
        list(
          Type.Object({
            part: Type.String({ description: 'A part that did not respond in time.' }),
            error: Type.String(),
          }),
        ),
      ),
    }),
  )
