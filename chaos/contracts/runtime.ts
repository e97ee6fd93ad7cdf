/** Where the shop's processes live. Two implementations: `chaos/runtime/local` and `chaos/runtime/docker`. */

/** The list of runtimes: `UNHAPPY_RUNTIME` chooses one. */
export const runtimeKinds = ['local', 'docker'] as const
export type RuntimeKind = (typeof runtimeKinds)[number]

export type InstanceState =
  | 'absent' // never started, or stopped on purpose
  | 'starting'
  | 'ready' // runs and answers its readiness probe (a store: accepts connections)
  | 'unready' // runs, but its readiness probe says no
  | 'paused'
  | 'exited' // died by itself, or was killed

export interface InstanceStatus {
  /** `api-1`, `worker-2`, `payments`, `postgres`, `redis`, `links`. */
  readonly name: string
  readonly kind: 'service' | 'store' | 'proxy'
  readonly state: InstanceState
  readonly pid?: number
  readonly startedAt?: string
  /** Starts of this instance that somebody else than the user or a scenario ordered. */
  readonly restarts: number
  readonly lastExit?: { readonly code: number | null; readonly signal: string | null }
  /** What runs in each seam, as the instance itself reports it. */
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

/** What a runtime tells about instances; `by` says who wanted it. */
export interface InstanceEvent {
  readonly type: 'instance'
  readonly instance: string
  readonly state: InstanceState
  readonly by: 'user' | 'scenario' | 'supervisor' | 'itself'
  readonly pid?: number
  readonly code?: number | null
  readonly signal?: string | null
  readonly detail?: string
}

export type RequestedBy = Exclude<InstanceEvent['by'], 'itself'>

/** Environment that differs from the instance's own defaults. It replaces what an earlier restart gave. */
export type Environment = Readonly<Record<string, string>>

export interface InstanceRequest {
  readonly by: RequestedBy
  readonly signal?: AbortSignal
}

export interface Lifecycle {
  /**
   * Starts the instance and returns when it is ready. Starting what runs already is no error. Without `environment` it
   * starts as it did the last time; `{}` gives it its own defaults.
   */
  start(
    name: string,
    order: InstanceRequest & { readonly environment?: Environment },
  ): Promise<void>
  /** SIGTERM, then SIGKILL when the grace period is over. Returns when the whole process tree is gone. */
  stop(name: string, order: InstanceRequest & { readonly graceMs: number }): Promise<void>
  /** SIGKILL to the whole process tree. Returns when it is gone: only then is a cut of its connections exact. */
  kill(name: string, order: InstanceRequest): Promise<void>
  /**
   * Freezes every process of the instance. `leaseMs` is how long it may stay frozen; a keeper outside of this process
   * resumes it then, whoever died.
   */
  pause(name: string, order: InstanceRequest & { readonly leaseMs: number }): Promise<void>
  resume(name: string, order: InstanceRequest): Promise<void>
}

/** Real packet rules in an instance's own network namespace. */
export interface PacketFilter {
  /** Drops packets between two instances; `one-way` drops only what `from` sends. Disposing takes the rules away. */
  partition(rule: {
    readonly from: string
    readonly to: string
    readonly direction: 'both' | 'one-way'
    readonly leaseMs: number
  }): Promise<AsyncDisposable>
  packetLoss(rule: {
    readonly from: string
    readonly to: string
    /** Of each packet, 0 to 1. */
    readonly probability: number
    readonly leaseMs: number
  }): Promise<AsyncDisposable>
}

export type ResourceKind = 'cpu-limit' | 'memory-limit' | 'disk-full'

/** Limits on an instance, where the platform can set them honestly. */
export interface ResourceLimits {
  readonly supported: ReadonlySet<ResourceKind>
  limitCpu(name: string, limit: { cores: number; leaseMs: number }): Promise<AsyncDisposable>
  limitMemory(name: string, limit: { bytes: number; leaseMs: number }): Promise<AsyncDisposable>
  fillDisk(name: string, limit: { leaveBytes: number; leaseMs: number }): Promise<AsyncDisposable>
}

/** Addresses that pass no link: for the supervisor, the truth, and people with a prompt. */
export interface DirectAddresses {
  /** `http://127.0.0.1:20001` */
  http(instance: string): string
  /** Connection string of Postgres with the shop's own user. */
  readonly databaseUrl: string
  readonly redisUrl: string
  /** Toxiproxy's API of the data plane: `http://127.0.0.1:8474`. */
  readonly proxyUrl: string
  /** Where a client enters the shop, through the links `client:api-*`. */
  clientUrl(instance: string): string
}

export interface Runtime extends Lifecycle, AsyncDisposable {
  readonly kind: RuntimeKind
  readonly addresses: DirectAddresses
  /** Absent where this runtime cannot do it; the fault then falls back to the link and says so. */
  readonly packetFilter?: PacketFilter
  readonly resourceLimits?: ResourceLimits
  /**
   * A file, as payments sees it, for the books of one run (its BOOKS_FILE): books of another run are in another file, and
   * they survive a crash of payments. Absent: the runtime cannot give each run its own.
   */
  booksFile?(run: string): string
  status(): Promise<readonly InstanceStatus[]>
  /** Calls the listener for every change of an instance; returns the function that ends it. */
  onInstance(listener: (event: InstanceEvent) => void): () => void
  /** The last `tail` lines, and with `follow` whatever comes until the signal aborts. */
  logs(
    name: string,
    options: { readonly tail: number; readonly follow?: boolean; readonly signal?: AbortSignal },
  ): AsyncIterable<LogLine>
  /** Puts right what an earlier controller left behind (paused processes, rules). Says what it mended. */
  cleanUp(): Promise<readonly string[]>
}
