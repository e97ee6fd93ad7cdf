import type { Environment } from './runtime.ts'

/**
 * A scenario after parsing: durations are milliseconds, rates are per second, every name is known. The file's own
 * vocabulary (`20/s`, `1.5s`) is in `chaos/engine/scenario/scenario-schema.ts`.
 */
export interface Scenario {
  readonly title: string
  readonly workload: Workload
  readonly shop: ShopSetup
  readonly method: readonly MethodStep[]
  readonly expect: readonly Expectation[]
  /** Before anything is broken, the workload runs this long and must be healthy. */
  readonly steadyStateMs: number
  /** How long after the heal the system may take until it is quiet. */
  readonly recoveryMs: number
  readonly seed?: number
}

export interface Workload {
  /** Open loop: arrivals per second that do not wait for answers. */
  readonly ordersPerSecond: number
  readonly browsePerSecond: number
  readonly quotesPerSecond: number
  readonly readOrdersPerSecond: number
  readonly durationMs: number
  /** The load goes on for so long after the last timed step was carried out, however late that is; absent: it waits for none. */
  readonly afterStepsMs?: number
  /** Which products are ordered; a share of 1 for one SKU makes it hot. */
  readonly skus: readonly { readonly sku: string; readonly share: number }[]
  readonly quantityMax: number
  /** Browsing asks for products that are in no cache. */
  readonly browseUncached: boolean
  /** Share of orders that are sent twice at once with the same key, 0 to 1. */
  readonly duplicateShare: number
  /** Share of those duplicates whose body differs, 0 to 1. */
  readonly duplicateOtherBodyShare: number
  /** Which orders (counted from 1) are poisonous: accepted, and fatal to a careless worker. */
  readonly poisonOrders: readonly number[]
  /** Orders with many texts to engrave: the worker has to compare each of them with every other. */
  readonly hugeOrders: readonly HugeOrder[]
  readonly client: ClientBehaviour
}

/** Which order it is (counted from 1), how many texts it has, and whether nearly all of them are alike: then it is suspicious. */
export interface HugeOrder {
  readonly order: number
  readonly lines: number
  readonly alike: boolean
}

/** The client side behaves as a real one. */
export interface ClientBehaviour {
  /** Of one attempt. */
  readonly attemptTimeoutMs: number
  /** Of the whole operation, retries included. */
  readonly deadlineMs: number
  readonly retriesMax: number
  readonly backoffMs: number
  readonly backoffMaxMs: number
  /** Sends only to instances whose readiness probe says yes (as a load balancer does); else to all. */
  readonly onlyReady: boolean
  /** How often the balancer asks each instance whether it is ready. */
  readonly probeIntervalMs: number
}

export interface ShopSetup {
  /** Safety nets that are off: `reconciler`, or a constraint `net_...` of the schema. */
  readonly off: readonly string[]
  /** Extra environment by service or instance name. */
  readonly environment: Readonly<Record<string, Environment>>
  /**
   * Folder of seam files, from the project's root: the version that runs before a deploy. The steady state is the judged
   * code's; then every instance gets this one, and the fault `deploy` brings the judged one again.
   */
  readonly frozen?: string
  /** Stock by SKU, where the scenario needs another than the seed's. */
  readonly stock: Readonly<Record<string, number>>
  readonly supervisor: SupervisorSetup
}

export interface SupervisorSetup {
  readonly restarts: boolean
  /** Kills and restarts an instance whose liveness probe fails this often in a row; 0 never does. */
  readonly livenessFailuresMax: number
  readonly probeIntervalMs: number
  readonly probeTimeoutMs: number
  readonly restartDelayMs: number
}

/** One line of the method: either at a time, or when a trap springs. */
export type MethodStep = TimedStep | TrapStep

export interface TimedStep {
  /** From the begin of the load; with `fromStepBefore` from the moment at which the step before was on everywhere. */
  readonly at: number
  readonly fromStepBefore?: true
  readonly inject: FaultStep
  /** How long the fault is on; absent: until the heal phase. */
  readonly forMs?: number
}

export interface TrapStep {
  readonly when: {
    readonly link: string
    readonly exchange: string
    readonly nth: number
    readonly phase: 'before' | 'after'
    readonly transaction?: string
    /** Armed this long after the workload began. */
    readonly fromMs: number
  }
  /** What happens to the message itself. */
  readonly then?: 'cut' | 'silence' | 'deliver' | { readonly delayMs: number }
  /** A fault that happens while the message is held; `caller` and `callee` are allowed as targets. */
  readonly inject?: FaultStep
  readonly forMs?: number
}

export interface FaultStep {
  readonly kind: string
  /** Name or pattern: `api-1`, `worker-*:payments`, `caller`, `redis`. */
  readonly target: string
  readonly params: Readonly<Record<string, unknown>>
}

export interface Expectation {
  readonly check: string
  readonly params: Readonly<Record<string, unknown>>
}
