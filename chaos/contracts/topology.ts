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
