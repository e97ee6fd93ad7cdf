/** The parts of a system. A sandbox starts each instance and store once, and puts a proxy in the place of each link. */
export interface Topology {
  readonly instances: readonly Instance[]
  readonly stores: readonly Store[]
  readonly links: readonly TopologyLink[]
}

/** A process of the system. */
export interface Instance {
  /** Unique name, such as `api-1`. */
  readonly name: string
  /** Instances of one service run the same program. */
  readonly service: string
  /** Entry point, relative to the project's root. */
  readonly main: string
  /** Offset of its HTTP port from the sandbox's base port: from 1 to 98, and each part has its own. */
  readonly portOffset: number
  /** It stands for the system of another company: a deploy of this system does not restart it. */
  readonly external?: true
}

/** A sandbox can start these. A system has at most one of each. */
export type StoreName = 'postgres' | 'redis'

export interface Store {
  readonly name: StoreName
  readonly portOffset: number
}

/** A named, directed connection, `caller:callee`. Every link is a proxy in the data plane. */
export interface TopologyLink {
  readonly name: string
  /** An instance, or {@link client}. */
  readonly caller: string
  readonly callee: string
  readonly protocol: 'http' | 'postgres' | 'redis'
  readonly portOffset: number
}

/** The caller's name on links that carry traffic from outside. */
export const client = 'client'

export function instancesOf({ instances }: Topology, service: string): readonly Instance[] {
  return instances.filter((instance) => instance.service === service)
}

export function linksFrom({ links }: Topology, caller: string): readonly TopologyLink[] {
  return links.filter((link) => link.caller === caller)
}

/** The instances that receive requests from outside. */
export function entriesOf({ instances, links }: Topology): readonly Instance[] {
  const entries = new Set(links.flatMap((link) => (link.caller === client ? [link.callee] : [])))
  return instances.filter(({ name }) => entries.has(name))
}

/**
 * The names of the links that carry traffic only when requests from outside arrive: those of {@link client}, of the instances
 * that it calls, of the instances that these call, and so on. Other instances poll even without a request.
 */
export function linksOfRequests(topology: Topology): ReadonlySet<string> {
  const callers = new Set([client])
  // A set also visits what is added during the loop.
  for (const caller of callers)
    for (const { callee } of linksFrom(topology, caller)) callers.add(callee)
  return new Set(topology.links.filter(({ caller }) => callers.has(caller)).map(({ name }) => name))
}

/** A short pattern for the link and those like it: `worker-*:payments`, if its caller is one of several instances of a service. */
export function patternOfLink(topology: Topology, { caller, callee }: TopologyLink): string {
  const service = topology.instances.find(({ name }) => name === caller)?.service
  return `${service === undefined ? caller : patternOfService(topology, service)}:${callee}`
}

/**
 * A pattern for the instances of the service: the name of the only one; `worker-*` if each name begins with the service; else
 * the service, which stands for its instances.
 */
export function patternOfService(topology: Topology, service: string): string {
  const names = instancesOf(topology, service).map(({ name }) => name)
  const [first = service, second] = names
  if (second === undefined) return first
  return names.every((name) => name.startsWith(`${service}-`)) ? `${service}-*` : service
}

/** The port offsets of all instances, stores and links. */
export function portOffsetsOf({ instances, stores, links }: Topology): readonly number[] {
  return [...instances, ...stores, ...links].map(({ portOffset }) => portOffset)
}

export function hasStore({ stores }: Topology, name: StoreName): boolean {
  return stores.some((store) => store.name === name)
}
