/**
 * The single list of the shop's parts: instances, stores and links, each with its port. The runtimes, the proxy's
 * configuration and the dashboard's picture use it. A test compares docker-compose.yml with it.
 */

export type ServiceName = 'api' | 'worker' | 'payments'
export type StoreName = 'postgres' | 'redis'

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
  readonly name: StoreName
  readonly portOffset: number
}

/** A named, directed connection, `caller:callee`. Every link is a proxy in the data plane. */
export interface TopologyLink {
  readonly name: string
  readonly caller: string
  readonly callee: string
  readonly protocol: 'http' | 'postgres' | 'redis'
  readonly portOffset: number
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
