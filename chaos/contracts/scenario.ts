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
  /** Per second, by kind of operation. Open loop: arrivals do not wait for responses. A kind without a rate has no arrivals. */
  readonly rates: Readonly<Record<string, number>>
  readonly durationMs: number
  /** The load continues for this long after the last timed step, even if that step was late; absent: it does not wait for steps. */
  readonly afterStepsMs?: number
  readonly client: ClientBehaviour
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
  /** Sends no request again that was refused with a Retry-After: its customer leaves instead. */
  readonly ignoresRetryAfter?: true
  /** Sends only to ready instances, as a load balancer does; false: to all. */
  readonly onlyReady: boolean
  /** Time between two readiness probes of an instance by the load balancer. */
  readonly probeIntervalMs: number
}

export interface ShopSetup {
  /** The profiles that run during the run. Absent: none. */
  readonly profiles?: readonly string[]
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
  /** The delay before the first restart of an instance that ended. It doubles with each further restart. */
  readonly restartDelayMs: number
  /** The longest delay before a restart. After twice this time without an end the delay is the first one again. */
  readonly restartDelayMaxMs: number
}

/** One step of the method: at a time, or when a trap springs. */
export type MethodStep = TimedStep | TrapStep

export interface TimedStep {
  /** Milliseconds from the start of the load; with `fromStepBefore` from when the previous step was in effect on all targets. */
  readonly at: number
  readonly fromStepBefore?: true
  /** Only with `fromStepBefore`: not before this many milliseconds after the start of the load. */
  readonly notBeforeMs?: number
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
