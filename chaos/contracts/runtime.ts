import type { TopologyLink } from './topology.ts'

/** The runtimes that start a system. `UNHAPPY_RUNTIME` selects one. */
export const runtimeKinds = ['local', 'docker'] as const
/** `adopted`: the system runs in containers of a user's own Compose project. */
export type RuntimeKind = (typeof runtimeKinds)[number] | 'adopted'

export type InstanceState =
  | 'absent' // never started, or stopped on purpose
  | 'starting'
  | 'ready' // runs, and its readiness probe succeeds (a store: accepts connections)
  | 'unready' // runs, and its readiness probe fails
  | 'paused'
  | 'exited' // ended by itself, or was killed

export interface InstanceStatus {
  /** `api-1`, `worker-2`, `payments`, `postgres`, `redis`, `links`. */
  readonly name: string
  readonly kind: 'service' | 'store' | 'proxy'
  readonly state: InstanceState
  readonly pid?: number
  readonly startedAt?: string
  /** Number of restarts by the supervisor. */
  readonly restarts: number
  readonly lastExit?: { readonly code: number | null; readonly signal: string | null }
  /** The code in each seam, as the instance reports it. */
  readonly seams?: readonly SeamReport[]
}

export interface SeamReport {
  readonly seam: string
  readonly source: 'shop' | 'exercise'
  readonly sha256: string
}

export interface LogLine {
  readonly instance: string
  readonly at: string
  readonly text: string
}

/** A change of an instance. `by` is what caused it. */
export interface InstanceEvent {
  readonly type: 'instance'
  readonly instance: string
  readonly state: InstanceState
  readonly by: 'user' | 'scenario' | 'supervisor' | 'itself'
  readonly pid?: number
  readonly code?: number | null
  readonly signal?: string | null
  readonly detail?: string
  /** It ends because a run restarts it with other code: part of its preparation, and not a fault. */
  readonly planned?: true
}

export type RequestedBy = Exclude<InstanceEvent['by'], 'itself'>

/** Environment variables beyond the instance's own defaults. They replace those of an earlier start. */
export type Environment = Readonly<Record<string, string>>

export interface InstanceRequest {
  readonly by: RequestedBy
  readonly signal?: AbortSignal
}

/** `planned`: a start follows. Then the state is that of an instance which was stopped on purpose. */
export interface KillRequest extends InstanceRequest {
  readonly planned?: true
}

/** Starts, stops and pauses instances. Each method returns when the instance has reached the new state. */
export interface Lifecycle {
  /**
   * Starts the instance and returns when it is ready. Starting a running instance is not an error. Without `environment` it
   * starts as it did the last time; `{}` means its own defaults. An instance that ends before it is ready rejects with
   * {@link EndedBeforeReady}.
   */
  start(
    name: string,
    request: InstanceRequest & { readonly environment?: Environment },
  ): Promise<void>
  /** SIGTERM, then SIGKILL when the grace period ends. Returns when the whole process tree is gone. */
  stop(name: string, request: InstanceRequest & { readonly graceMs: number }): Promise<void>
  /** SIGKILL to the whole process tree. Returns when it is gone: only after that is a cut of its connections exact. */
  kill(name: string, request: KillRequest): Promise<void>
  /**
   * Freezes every process of the instance. After `leaseMs` a keeper outside of this process resumes it, even if the
   * controller died.
   */
  pause(name: string, request: InstanceRequest & { readonly leaseMs: number }): Promise<void>
  resume(name: string, request: InstanceRequest): Promise<void>
}

/** Real packet rules in an instance's own network namespace. */
export interface PacketFilter {
  /** Drops packets between two instances; `one-way` drops only packets of `from`. Disposing removes the rules. */
  partition(rule: {
    readonly from: string
    readonly to: string
    readonly direction: 'both' | 'one-way'
    readonly leaseMs: number
  }): Promise<AsyncDisposable>
  packetLoss(rule: {
    readonly from: string
    readonly to: string
    /** The share of packets that are dropped, 0 to 1. */
    readonly probability: number
    readonly leaseMs: number
  }): Promise<AsyncDisposable>
}

export type ResourceKind = 'cpu-limit' | 'memory-limit' | 'disk-full'

/** Limits on an instance. `supported` lists those that the platform can enforce. Disposing removes the limit. */
export interface ResourceLimits {
  readonly supported: ReadonlySet<ResourceKind>
  limitCpu(name: string, limit: { cores: number; leaseMs: number }): Promise<AsyncDisposable>
  limitMemory(name: string, limit: { bytes: number; leaseMs: number }): Promise<AsyncDisposable>
  fillDisk(name: string, limit: { leaveBytes: number; leaseMs: number }): Promise<AsyncDisposable>
}

/** The wall clocks of instances, as their own code reads them. Stores have none: they read the clock of the machine. */
export interface Clocks {
  /**
   * Skews the clock while the process runs, and again after a restart. Resolves when the process has taken it over; one that
   * is down or paused does so later. The lease is in the process itself. Several skews of an instance add up. Disposing
   * ends it: the clock jumps back. Throws {@link InputError} for an instance without such a clock.
   */
  skew(
    name: string,
    skew: {
      readonly id: string
      /** Negative: the clock is behind. */
      readonly offsetMs: number
      /** What the clock gains in each second, in seconds; negative: it loses. */
      readonly drift: number
      readonly leaseMs: number
      readonly signal: AbortSignal
    },
  ): Promise<AsyncDisposable>
}

/**
 * Addresses that bypass the links: for the supervisor, for reading the truth, and for users with a prompt. Reading the address
 * of a store that the system does not have throws an {@link InputError}.
 */
export interface DirectAddresses {
  /** `http://127.0.0.1:20001` */
  http(instance: string): string
  /**
   * Connection string of Postgres with the rights of the system's own user. Postgres keeps connections free for it, as for
   * operators in production: it works while the services have used up all others.
   */
  readonly databaseUrl: string
  /** Connection string of Postgres with the user of the services. */
  readonly serviceDatabaseUrl: string
  readonly redisUrl: string
  /** Connection string of a store by its name, also of a replica. The two above are those of the store that is primary now. */
  storeUrl(store: string): string
  /** Toxiproxy's API of the data plane: `http://127.0.0.1:8474`. */
  readonly proxyUrl: string
  /** Where a client reaches the shop: through the links `client:api-*`. */
  clientUrl(instance: string): string
}

export interface StatusOptions {
  /** The timeout of each readiness probe. Default: the runtime's own, about a second. */
  readonly probeWithinMs?: number
}

/** Processor time of a container since its start. */
export interface ContainerTimes {
  /** An instance, a store, `links`, or the controller's own container. */
  readonly name: string
  readonly usedMs: number
  /** How long its processor limit has stopped it. */
  readonly throttledMs: number
}

/** A program of this project that loads a learner's code. */
export interface ApartProgram {
  readonly command: readonly string[]
  /** Files that the program finds at these absolute paths. */
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly signal: AbortSignal
}

/** Where a link listens, and where it leads: `host:port`, as the data plane reaches them. */
export interface LinkRoute {
  readonly listen: string
  readonly upstream: string
}

/** Runs the stores of profiles, and gives instances the addresses of their links. */
export interface RuntimeProfiles {
  /** The profiles that are on. */
  readonly on: readonly string[]
  /**
   * Creates the data of the profile's stores and starts them. Returns when they are ready. Instances that start from now on
   * receive the variables of the profile.
   */
  start(profile: string, request: InstanceRequest): Promise<void>
  /** Ends the profile's stores and removes their data. Instances that start from now on do not receive its variables. */
  stop(profile: string, request: InstanceRequest): Promise<void>
  /**
   * Ends a Postgres, replaces its data by a copy of another one that runs, and starts it as a replica of that one. Returns when
   * it is ready. The other one keeps running.
   */
  copyStore(store: string, from: string, request: InstanceRequest): Promise<void>
  /** The route of a link of the system or of a profile. */
  routeOf(link: TopologyLink): LinkRoute
  /** Where the processes of the sandbox reach an instance or a store: `host:port`. */
  addressOf(name: string): string
  /**
   * After a failover: {@link DirectAddresses.databaseUrl} or `redisUrl` is now the address of this store, the replica of the
   * other one, or that of the store itself.
   */
  setPrimary(store: string, primary: string): void
}

/** See {@link Runtime.sendLater}. */
export type SendLater = (
  store: string,
  request: { readonly line: string; readonly leaseMs: number },
) => Promise<AsyncDisposable>

/** TCP connections between the parts of an adopted project that pass no link. */
export interface DirectConnections {
  /** A service, `host` (a process of the machine, or a container with `network_mode: host`), or an unknown address. */
  readonly caller: string
  readonly callee: string
  /** Port of the callee. */
  readonly port: number
  /** The address and port that the caller has opened. */
  readonly address: string
  readonly count: number
  /** Before the links were there, or since: then the caller uses this address and no name. */
  readonly opened: 'before' | 'since'
}

/** Where the shop's processes run. Implemented by `chaos/runtime/local` and `chaos/runtime/docker`. */
export interface Runtime extends Lifecycle, AsyncDisposable {
  readonly kind: RuntimeKind
  /** Absent: this runtime cannot change the clock of an instance. */
  readonly clocks?: Clocks
  readonly addresses: DirectAddresses
  /** Absent if this runtime has none; the fault then uses the link instead and says so. */
  readonly packetFilter?: PacketFilter
  readonly resourceLimits?: ResourceLimits
  /** Absent: this runtime cannot run the parts that run only when asked. */
  readonly profiles?: RuntimeProfiles
  /**
   * Path without an extension, in the file system of the instance, for data of one run that must outlive a crash of the
   * instance. Each instance and each run has its own. Absent: the runtime cannot give each run its own file.
   */
  fileOf?(instance: string, run: string): string
  /**
   * Runs a program to its end in a new container of the shop's image, without network and without the controller's rights,
   * and returns what it prints. Absent: a child process of the controller has no more rights than the shop's processes.
   */
  readonly runApart?: (program: ApartProgram) => Promise<string>
  /**
   * Sends a line to a store when the lease ends, from a process that outlives this one. It ends a fault in a store that has no
   * timer of its own. Disposing ends the wait: the line is sent at once (Docker) or never, so it must be one that can be repeated.
   * Absent: the runtime has no such process.
   */
  readonly sendLater?: SendLater
  /**
   * Processor time of every container of the sandbox, also of the controller's. Absent: the instances are processes that the
   * controller sees.
   */
  containerTimes?(): Promise<readonly ContainerTimes[]>
  /** The command lines of the processes that run in an instance, none if it does not run. Absent or undefined: not known. */
  processes?(name: string): Promise<readonly string[] | undefined>
  /** Open connections that pass no link. Absent: every connection of this runtime's instances passes a link. */
  directConnections?(): Promise<readonly DirectConnections[]>
  /** An instance whose probe does not respond within `probeWithinMs` is `unready`. */
  status(options?: StatusOptions): Promise<readonly InstanceStatus[]>
  /**
   * The instance of a service that has this IP address on one of its networks. Absent: the links of this runtime name instances.
   * Rejects if none has it now.
   */
  instanceAt?(service: string, address: string | undefined): Promise<string>
  /** Calls the listener for every change of an instance; returns the function that ends it. */
  onInstance(listener: (event: InstanceEvent) => void): () => void
  /** The last `tail` lines; with `follow` also new lines until the signal aborts. */
  logs(
    name: string,
    options: { readonly tail: number; readonly follow?: boolean; readonly signal?: AbortSignal },
  ): AsyncIterable<LogLine>
  /**
   * Makes connections that were open before the links pass a link: cuts them, or restarts their callers. Returns those that come
   * back without one, in words. Absent: every connection passes a link.
   */
  leadThroughLinks?(request: InstanceRequest): Promise<readonly string[]>
  /** Cleans up what an earlier controller left behind (paused processes, packet rules). Returns what it cleaned up. */
  cleanUp(): Promise<readonly string[]>
}
