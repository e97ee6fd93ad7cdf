/**
 * The single list of the shop's parts: instances, stores and links, each with its port. The runtimes, the proxy's
 * configuration and the dashboard's picture use it. A test compares docker-compose.yml with it.
 */

export type ServiceName = 'api' | 'worker' | 'payments'
export type StoreKind = 'postgres' | 'redis'

export interface Instance {
  /** Unique name, such as `api-1`. */
  readonly name: string
  readonly service: ServiceName
  /** Entry point, relative to the project's root. */
  readonly main: string
  /** Offset of its HTTP port from the sandbox's base port. */
  readonly portOffset: number
  /** Another company runs it. */
  readonly external?: true
}

export interface Store {
  readonly name: string
  /** Absent: its name is its kind. */
  readonly kind?: StoreKind
  readonly portOffset: number
  /** It receives the data of this store. */
  readonly replicaOf?: string
}

/** A named, directed connection, `caller:callee`. Every link is a proxy in the data plane. */
export interface TopologyLink {
  readonly name: string
  readonly caller: string
  readonly callee: string
  readonly protocol: 'http' | 'postgres' | 'redis'
  readonly portOffset: number
  /** The caller's variable with the address of the link. Absent: DATABASE_URL, REDIS_URL, or `<CALLEE>_URL`. */
  readonly variable?: string
}

/** Parts that run only when asked: by a scenario, by a fault, or by a user. */
export interface Profile {
  readonly name: string
  readonly description: string
  readonly stores?: readonly Store[]
  readonly links?: readonly TopologyLink[]
  /** Variables of instances while the profile is on, by service. */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export const instances: readonly Instance[] = [
  { name: 'api-1', service: 'api', main: 'services/api/main.ts', portOffset: 1 },
  { name: 'api-2', service: 'api', main: 'services/api/main.ts', portOffset: 2 },
  { name: 'worker-1', service: 'worker', main: 'services/worker/main.ts', portOffset: 3 },
  { name: 'worker-2', service: 'worker', main: 'services/worker/main.ts', portOffset: 4 },
  {
    name: 'payments',
    service: 'payments',
    main: 'services/payments/main.ts',
    portOffset: 5,
    external: true,
  },
]

export const stores: readonly Store[] = [
  { name: 'postgres', portOffset: 10 },
  { name: 'redis', portOffset: 11 },
]

/** The caller's name on links that carry traffic from outside. */
export const client = 'client'

export const links: readonly TopologyLink[] = [
  link(client, 'api-1', 'http', 20),
  link(client, 'api-2', 'http', 21),
  ...shopLinks('api-1', 30),
  ...shopLinks('api-2', 40),
  ...shopLinks('worker-1', 50),
  ...shopLinks('worker-2', 60),
]

/** Nothing is behind it: payments is part of the sandbox, and the port is on this machine only. */
const callbackSecret = 'shared-by-payments-and-the-shop'

export const profiles: readonly Profile[] = [
  {
    name: 'postgres-replica',
    description: 'A streaming replica of Postgres. The API reads from it.',
    stores: [{ name: 'postgres-replica', kind: 'postgres', portOffset: 12, replicaOf: 'postgres' }],
    links: [
      link('api-1', 'postgres-replica', 'postgres', 33),
      link('api-2', 'postgres-replica', 'postgres', 43),
    ],
  },
  {
    name: 'redis-replica',
    description: 'A replica of Redis. No instance uses it until a failover promotes it.',
    stores: [{ name: 'redis-replica', kind: 'redis', portOffset: 13, replicaOf: 'redis' }],
  },
  {
    name: 'callbacks',
    description: 'Payments calls the shop back about charges and refunds.',
    links: [{ ...link('payments', 'api-1', 'http', 70), variable: 'CALLBACK_URL' }],
    environment: {
      payments: { CALLBACK_SECRET: callbackSecret },
      api: { CALLBACK_SECRET: callbackSecret },
    },
  },
]

function link(
  caller: string,
  callee: string,
  protocol: TopologyLink['protocol'],
  portOffset: number,
): TopologyLink {
  return { name: `${caller}:${callee}`, caller, callee, protocol, portOffset }
}

function shopLinks(caller: string, firstOffset: number): TopologyLink[] {
  return [
    link(caller, 'postgres', 'postgres', firstOffset),
    link(caller, 'redis', 'redis', firstOffset + 1),
    link(caller, 'payments', 'http', firstOffset + 2),
  ]
}

/** How old a cached product may be, in milliseconds. `CACHE_TTL_MS` of the API overrides it. */
export const cacheTtlDefaultMs = 10_000
