/** The parts of a system. A sandbox starts each instance and store once, and puts a proxy in the place of each link. */
export interface Topology {
  readonly instances: readonly Instance[]
  readonly stores: readonly Store[]
  readonly links: readonly TopologyLink[]
  /** Parts that run only when asked. Absent: none. */
  readonly profiles?: readonly Profile[]
}

/**
 * Stores and links that run only while a scenario, a fault or a user asks for them. While the profile is off, none of their
 * processes runs, none of their links listens, and no instance has their addresses.
 */
export interface Profile {
  /** Unique name, such as `callbacks`. */
  readonly name: string
  /** One line for users: what the profile adds. */
  readonly description: string
  readonly stores?: readonly Store[]
  readonly links?: readonly TopologyLink[]
  /** Variables of instances while the profile is on, by service. */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** A process of the system. */
export interface Instance {
  /** Unique name, such as `api-1`. */
  readonly name: string
  /** Instances of one service run the same program. */
  readonly service: string
  /** Entry point, relative to the project's root. Absent: the instance is adopted, and its runtime can start it. */
  readonly main?: string
  /** How to start a program of the user. Only of an adopted instance without containers. */
  readonly program?: InstanceProgram
  /** Offset of its HTTP port from the sandbox's base port: from 1 to 98, and each part has its own. */
  readonly portOffset: number
  /** It stands for the system of another company: a deploy of this system does not restart it. */
  readonly external?: true
}

/** A program of the user that a local sandbox starts. */
export interface InstanceProgram {
  /** The executable and its arguments. */
  readonly command: readonly string[]
  /** Working folder, absolute. */
  readonly folder: string
  /** Its fixed port. Absent: the sandbox gives it one. */
  readonly port?: number
  /** It accepts connections when it is ready. False: it is ready when it runs. */
  readonly listens: boolean
  /** A path that answers 2xx when it is ready. Absent: listening is enough. */
  readonly ready?: string
  /** Its variables beyond those that every program needs. */
  environment(place: ProgramPlace): Readonly<Record<string, string>>
}

export interface ProgramPlace {
  readonly port: number
  /** The address of the link to a callee. Undefined: there is no such link. */
  readonly urlOf: (callee: string) => string | undefined
}

/** A sandbox can start these. A system has at most one of each that is not a replica. */
export type StoreKind = 'postgres' | 'redis'

export interface Store {
  readonly name: string
  /** Absent: its name is its kind. */
  readonly kind?: StoreKind
  readonly portOffset: number
  /** URL of the user's own store, which runs already: no sandbox starts, stops or empties it. Absent: the sandbox starts it. */
  readonly address?: string
  /** It receives the data of this store, of the same kind. Absent: it is not a replica. */
  readonly replicaOf?: string
  /** The profile that starts it. Absent: it always runs. */
  readonly profile?: string
}

/** A named, directed connection, `caller:callee`. Every link is a proxy in the data plane. */
export interface TopologyLink {
  readonly name: string
  /** An instance, or {@link client}. */
  readonly caller: string
  readonly callee: string
  /** `bytes`: the data plane passes them on and recognises no message. */
  readonly protocol: 'http' | 'postgres' | 'redis' | 'bytes'
  readonly portOffset: number
  /** The caller's variable with the address of the link. Absent: see {@link variableOf}. */
  readonly variable?: string
  /** The profile that opens it. Absent: it is always open. */
  readonly profile?: string
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

/** The port offsets of all instances, stores and links, also of those that run only when asked. */
export function portOffsetsOf(topology: Topology): readonly number[] {
  const { instances, stores, links } = withAllProfiles(topology)
  return [...instances, ...stores, ...links].map(({ portOffset }) => portOffset)
}

/** The topology while these profiles are on. Parts that it already has stay. Unknown names add nothing. */
export function withProfiles(topology: Topology, names: readonly string[]): Topology {
  const on = (topology.profiles ?? []).filter(({ name }) => names.includes(name))
  return {
    ...topology,
    stores: joined(topology.stores, on, 'stores'),
    links: joined(topology.links, on, 'links'),
  }
}

/** The topology while every profile is on. */
export function withAllProfiles(topology: Topology): Topology {
  return withProfiles(
    topology,
    (topology.profiles ?? []).map(({ name }) => name),
  )
}

/** The parts, then those of the profiles, which carry the profile's name. */
function joined<Part extends Store | TopologyLink>(
  parts: readonly Part[],
  profiles: readonly Profile[],
  key: 'stores' | 'links',
): readonly Part[] {
  const known = new Set(parts.map(({ name }) => name))
  const added = profiles.flatMap((profile) =>
    ((profile[key] ?? []) as unknown as readonly Part[])
      .filter(({ name }) => !known.has(name))
      .map((part) => ({ ...part, profile: profile.name })),
  )
  return added.length === 0 ? parts : [...parts, ...added]
}

export function kindOfStore({ name, kind }: Store): StoreKind {
  return kind ?? (name as StoreKind)
}

/** The replicas of a store, also those that run only when asked. */
export function replicasOf(topology: Topology, store: string): readonly Store[] {
  return withAllProfiles(topology).stores.filter(({ replicaOf }) => replicaOf === store)
}

/** The store of this name. Throws if there is none. */
export function storeCalled(stores: readonly Store[], name: string): Store {
  const store = stores.find((one) => one.name === name)
  if (store === undefined) throw new Error(`There is no store "${name}".`)
  return store
}

/** The store of this kind that is not a replica. */
export function storeOfKind({ stores }: Topology, kind: StoreKind): Store | undefined {
  return stores.find((store) => store.replicaOf === undefined && kindOfStore(store) === kind)
}

export function hasStore(topology: Topology, kind: StoreKind): boolean {
  return storeOfKind(topology, kind) !== undefined
}

/**
 * The caller's variable with the address of the link: DATABASE_URL or REDIS_URL for a store that is not a replica; otherwise
 * the callee's name, such as `PAYMENTS_URL` or `POSTGRES_REPLICA_URL`.
 */
export function variableOf(topology: Topology, link: TopologyLink): string {
  if (link.variable !== undefined) return link.variable
  const store = topology.stores.find(({ name }) => name === link.callee)
  if (store?.replicaOf === undefined && link.protocol === 'postgres') return 'DATABASE_URL'
  if (store?.replicaOf === undefined && link.protocol === 'redis') return 'REDIS_URL'
  return `${link.callee.toUpperCase().replaceAll(/\W/g, '_')}_URL`
}

/** What the profiles that are on add to the environment of an instance. */
export function profileEnvironment(
  { profiles = [] }: Topology,
  on: readonly string[],
  { service }: Instance,
): Readonly<Record<string, string>> {
  const all = profiles.filter(({ name }) => on.includes(name))
  return Object.assign({}, ...all.map(({ environment }) => environment?.[service])) as Record<
    string,
    string
  >
}

/** The profile's instances: those that its links or its environment give variables. */
export function instancesOfProfile(
  { instances }: Topology,
  { links = [], environment = {} }: Profile,
): readonly Instance[] {
  return instances.filter(
    ({ name, service }) => service in environment || links.some(({ caller }) => caller === name),
  )
}
