/**
 * The one list of what the shop is made of: instances, links and ports. Everything else (runtimes, the proxy's
 * configuration, docker-compose.yml, the dashboard's picture) reads it from here.
 */

export type ServiceName = 'api' | 'worker' | 'payments'
export type StoreName = 'postgres' | 'redis'

export interface Instance {
  /** Unique name, such as `api-1`. */
  readonly name: string
  readonly service: ServiceName
  /** Entry point, relative to the project's root. */
  readonly main: string
  /** Offset of its HTTP port from the sandbox's base port (see {@link localPort}). */
  readonly portOffset: number
}

export interface Store {
  readonly name: StoreName
  readonly portOffset: number
}

/** A named, directed connection. Its name is `caller:callee`; every link is a proxy in the data plane. */
export interface Link {
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
  { name: 'payments', service: 'payments', main: 'services/payments/main.ts', portOffset: 5 },
]

export const stores: readonly Store[] = [
  { name: 'postgres', portOffset: 10 },
  { name: 'redis', portOffset: 11 },
]

/** The caller's name on links that carry the outside world's traffic. */
export const client = 'client'

export const links: readonly Link[] = [
  link(client, 'api-1', 'http', 20),
  link(client, 'api-2', 'http', 21),
  ...shopLinks('api-1', 30),
  ...shopLinks('api-2', 40),
  ...shopLinks('worker-1', 50),
  ...shopLinks('worker-2', 60),
]

/**
 * Base port of the first sandbox on a machine; each further one is {@link portStride} higher. All ports of all sandboxes
 * stay below the ephemeral range (32768), where an outgoing connection could take a port that we want to listen on.
 */
export const basePort = 20_000
export const portStride = 100
export const sandboxesMax = 100

/** Offset of the controller's API and dashboard from the base port. */
export const controllerPortOffset = 0

/** Who listens here has the slot: the kernel gives a port to one process only, and takes it back from a dead one. */
export const keeperPortOffset = 99

/** Toxiproxy's own port, for the first sandbox's data plane; each further sandbox takes the next one. */
export const proxyApiPort = 8474

/** The port on 127.0.0.1 of something in the sandbox number `slot` (0 is the first). */
export function localPort(slot: number, portOffset: number): number {
  return basePort + slot * portStride + portOffset
}

export function instancesOf(service: ServiceName): readonly Instance[] {
  return instances.filter((instance) => instance.service === service)
}

export function linksFrom(caller: string): readonly Link[] {
  return links.filter((link) => link.caller === caller)
}

function link(
  caller: string,
  callee: string,
  protocol: Link['protocol'],
  portOffset: number,
): Link {
  return { name: `${caller}:${callee}`, caller, callee, protocol, portOffset }
}

function shopLinks(caller: string, firstOffset: number): Link[] {
  return [
    link(caller, 'postgres', 'postgres', firstOffset),
    link(caller, 'redis', 'redis', firstOffset + 1),
    link(caller, 'payments', 'http', firstOffset + 2),
  ]
}
