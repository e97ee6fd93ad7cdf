import type { Static, TObject, TProperties } from 'typebox'

import type { SandboxEvent } from './events.ts'
import type { Operation } from './history.ts'
import type { Environment } from './runtime.ts'
import type { CheckResult } from './verdict.ts'

export type { CheckResult, Offender, Story, StoryLine, Verdict, VerdictOutcome } from './verdict.ts'

/** A property of a run. Its check result says whether the property held. */
export interface Check<Name extends string, Params extends TProperties, Read = Evidence> {
  readonly name: Name
  /** One line for users: the property that must hold. */
  readonly description: string
  /** True for a check of something that must never happen. One offender is proof, even in an otherwise inconclusive run. */
  readonly safety?: true
  /**
   * What `measured` is. It decides which violations a busy machine excuses. `share` and `rate`: of successes. `events`: a number
   * of events. A busy machine causes one only if a process gets no processor for about a second. Absent: a time, or a multiple
   * of a time.
   */
  readonly measures?: 'share' | 'rate' | 'events'
  /** One valid set of parameters for the documentation; absent if the check has no parameters. */
  readonly example?: Static<TObject<Params>>
  readonly params: TObject<Params>
  /** Pattern of the links whose exchanges the check reads: a run taps them during the load. Undefined or absent: none. */
  taps?(params: Static<TObject<Params>>): string | undefined
  judge(evidence: Read, params: Static<TObject<Params>>): CheckResult
}

/** A check with any name and any parameters, as a scenario file names it. */
export type AnyCheck = Check<string, TProperties>

/** What a run recorded and read. */
export interface RunFacts<Truth = unknown, Sent extends Operation = Operation> {
  readonly operations: readonly Sent[]
  readonly truth: Truth
  /** ISO 8601: when the truth was read. */
  readonly readAt: string
  readonly journal: readonly SandboxEvent[]
  /**
   * ISO 8601: the moment from which every `...Ms` here counts. It puts the timestamps of the stores on the client's time
   * scale.
   */
  readonly workloadStartedAt: string
  /** The same moment as a time stamp (`ms`) of the journal. */
  readonly zeroMs: number
  /** When this load began: 0, except for the variants of a scenario, which count from the scenario's start. */
  readonly loadFromMs: number
  /** Milliseconds since the workload began: the first fault began, and the last one was healed. */
  readonly faultsFromMs: number
  readonly faultsToMs: number
  /**
   * Operations of the steady state of the same run: the baseline for latency. They may also be among `operations`. A check
   * that needs both joins them by number.
   */
  readonly steadyOperations: readonly Sent[]
  /** Milliseconds from the heal until everything was settled; null if the deadline passed first. */
  readonly recoveredAfterMs: number | null
  readonly durationMs: number
  /** Environment variables that the scenario sets, by service or instance. */
  readonly environment: Readonly<Record<string, Environment>>
}

/** What a system knows about the operations and the truth of a run. */
export interface Assessment {
  /** Whether the system must refuse the operation even without a fault. */
  isOwedRefusal(operation: Operation): boolean
  /** Whether the operation ended with a refusal that the truth justifies: then the system was available. */
  isTrueRefusal(operation: Operation): boolean
  /** Work that was still in flight at the final reads: `2 unfinished orders`. Empty: the system was settled. */
  readonly unsettled: readonly string[]
}

/** Everything that a check may read after the run. */
export interface Evidence<Truth = unknown, Sent extends Operation = Operation>
  extends RunFacts<Truth, Sent>, Assessment {}
