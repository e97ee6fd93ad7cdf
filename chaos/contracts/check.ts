import type { Static, TObject, TProperties } from 'typebox'

import type { SandboxEvent } from './events.ts'
import type { History } from './history.ts'
import type { Truth } from './truth.ts'
import type { CheckResult } from './verdict.ts'

export type { CheckResult, Offender, Story, StoryLine, Verdict, VerdictOutcome } from './verdict.ts'

/** A property of a run. Its check result says whether the property held. */
export interface Check<Name extends string, Params extends TProperties> {
  readonly name: Name
  /** One line for users: the property that must hold. */
  readonly description: string
  /** True for a check of something that must never happen. One offender is proof, even in an otherwise inconclusive run. */
  readonly safety?: true
  /** One valid set of parameters for the documentation; absent if the check has no parameters. */
  readonly example?: Static<TObject<Params>>
  readonly params: TObject<Params>
  judge(evidence: Evidence, params: Static<TObject<Params>>): CheckResult
}

/** Everything that a check may read after the run. */
export interface Evidence {
  readonly operations: History
  readonly truth: Truth
  readonly journal: readonly SandboxEvent[]
  /**
   * ISO 8601: the moment from which every `...Ms` here counts. It puts the timestamps of the stores on the client's time
   * scale.
   */
  readonly workloadStartedAt: string
  /** Milliseconds since the workload began: the first fault began, and the last one was healed. */
  readonly faultsFromMs: number
  readonly faultsToMs: number
  /**
   * Operations of the steady state of the same run: the baseline for latency. They may also be among `operations`. A check
   * that needs both joins them by number.
   */
  readonly steadyOperations: History
  /** Milliseconds from the heal until everything was settled; null if the deadline passed first. */
  readonly recoveredAfterMs: number | null
  readonly durationMs: number
  /** How old a cached product may be, as the scenario sets up the shop. */
  readonly cacheTtlMs: number
}
