import type { Environment } from './runtime.ts'

/**
 * A parsed scenario: durations are milliseconds, rates are per second, every name exists. The vocabulary of the file (`20/s`,
 * `1.5s`) is in `chaos/engine/scenario/scenario-schema.ts`.
 */
export interface Scenario {
  readonly title: string
  readonly workload: Workload
  readonly shop: ShopSetup
  readonly method: readonly MethodStep[]
  readonly expect: readonly Expectation[]
  /** How long the workload runs before the first fault. It must be healthy. */
  readonly steadyStateMs: number
  /** How long the system may take after the heal until it is settled. */
  readonly recoveryMs: number
  readonly seed?: number
}

export interface Workload {
  /** Open loop: arrivals per second do not wait for responses. */
  readonly ordersPerSecond: number
  readonly browsePerSecond: number
  readonly quotesPerSecond: number
  readonly readOrdersPerSecond: number
  readonly durationMs: number
  /** The load continues for this long after the last timed step, even if that step was late; absent: it does not wait for steps. */
  readonly afterStepsMs?: number
  /** The products that are ordered, with their relative shares. One SKU alone is a hot product. */
  readonly skus: readonly { readonly sku: string; readonly share: number }[]
  readonly quantityMax: number
  /** Browse requests ask for products that are in no cache. */
  readonly browseUncached: boolean
  /** Share of orders that are sent twice at once with the same key, 0 to 1. */
  readonly duplicateShare: number
  /** Share of those duplicates whose body differs, 0 to 1. */
  readonly duplicateOtherBodyShare: number
  /** Orders (counted from 1) that are accepted and crash a worker that does not handle them. */
  readonly poisonOrders: readonly number[]
  /** Orders with many texts to engrave. The worker compares each text with every other. */
  readonly hugeOrders: readonly HugeOrder[]
  /** Adds some operations that the shop refuses even without a fault: unknown products, bad quantities, reused keys. */
  readonly refused: boolean
  /** Adds orders whose charge payments declines, as a share of the others: 0 to 1, and at least one unless 0. */
  readonly declinedShare: number
  readonly client: ClientBehaviour
}

export interface HugeOrder {
  /** Counted from 1. */
  readonly order: number
  /** Number of texts. */
  readonly lines: number
  /** Nearly all texts are the same, which makes the order suspicious. */
  readonly alike: boolean
  /** Where the few different texts of such an order are. Absent: first. */
  readonly different?: 'first' | 'last' | 'spread'
  /** This share of the texts is the same, spread over the order: not enough to be suspicious. Absent: none. */
  readonly alikeShare?: number
}

/** How the clients and their load balancer behave. */
export interface ClientBehaviour {
  /** Timeout of one attempt. */
  readonly attemptTimeoutMs: number
  /** Deadline of the whole operation, retries included. */
  readonly deadlineMs: number
  readonly retriesMax: number
  readonly backoffMs: number
  readonly backoffMaxMs: number
  /** Sends only to ready instances, as a load balancer does; false: to all. */
  readonly onlyReady: boolean
  /** Time between two readiness probes of an instance by the load balancer. */
  readonly probeIntervalMs: number
}

export interface ShopSetup {
  /** Safety nets that are off: `reconciler`, or a constraint `net_...` of the schema. */
  readonly off: readonly string[]
  /** Extra environment by service or instance name. */
  readonly environment: Readonly<Record<string, Environment>>
  /**
   * Folder of seam files, relative to the project root: the code that runs before a deploy. The steady state runs the judged
   * code. After it every instance runs the frozen code until the fault `deploy` starts the judged code again.
   */
  readonly frozen?: string
  /** Stock by SKU, where it differs from the seed data. */
  readonly stock: Readonly<Record<string, number>>
  readonly supervisor: SupervisorSetup
}

export interface SupervisorSetup {
  readonly restarts: boolean
  /** Kills and restarts an instance whose liveness probe fails this often in a row; 0: never. */
  readonly livenessFailuresMax: number
  readonly probeIntervalMs: number
  readonly probeTimeoutMs: number
  readonly restartDelayMs: number
}

/** One step of the method: at a time, or when a trap springs. */
export type MethodStep = TimedStep | TrapStep

export interface TimedStep {
  /** Milliseconds from the start of the load; with `fromStepBefore` from when the previous step was in effect on all targets. */
  readonly at: number
  readonly fromStepBefore?: true
  readonly inject: FaultStep
  /** How long the fault lasts; absent: until the heal phase. */
  readonly forMs?: number
}

export interface TrapStep {
  readonly when: {
    readonly link: string
    readonly exchange: string
    readonly nth: number
    readonly phase: 'before' | 'after'
    readonly transaction?: string
    /** Armed when the previous trap has sprung. Counts only messages of the same order. */
    readonly sameOrder?: true
    /** Armed this many milliseconds after the workload began. */
    readonly fromMs: number
  }
  /** What happens to the message. */
  readonly then?: MessageFate
  /** A fault that is injected while the message is held; `caller` and `callee` are valid targets. */
  readonly inject?: FaultStep
  readonly forMs?: number
}

/** `until: 'final'`: held until the message's order has a final status. */
export type MessageFate =
  | 'cut'
  | 'silence'
  | 'deliver'
  | { readonly delayMs: number }
  | { readonly until: 'final' }

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
