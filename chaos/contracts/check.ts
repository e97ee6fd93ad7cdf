import type { Static, TObject, TProperties } from 'typebox'

import type { SandboxEvent } from './events.ts'
import type { Operation } from './history.ts'
import type { Truth } from './truth.ts'

/** Exit status of the CLI: held 0, violated 1, inconclusive 2. */
export type VerdictOutcome = 'held' | 'violated' | 'inconclusive'

/** Everything a check may look at, after the run. */
export interface Evidence {
  readonly operations: readonly Operation[]
  readonly truth: Truth
  readonly journal: readonly SandboxEvent[]
  /** ISO 8601: the moment that every `...Ms` here counts from. Sets the stores' timestamps beside the client's. */
  readonly workloadStartedAt: string
  /** Milliseconds since the workload began: when the scenario's faults began and when all were healed. */
  readonly faultsFromMs: number
  readonly faultsToMs: number
  /**
   * Operations of the steady state, measured in the same run: the yardstick for latency. They may also be among
   * `operations`: whoever needs both joins them by number.
   */
  readonly steadyOperations: readonly Operation[]
  /** How long it took from the heal until everything was quiet; null if the deadline passed first. */
  readonly recoveredAfterMs: number | null
  readonly durationMs: number
}

/** One offender, such as an order that was charged twice. */
export interface Offender {
  /** Order id, operation number, link or instance. */
  readonly id: string
  readonly expected: string
  readonly actual: string
}

export interface CheckResult {
  readonly name: string
  /** As the scenario asks for it: `availability of browse at least 99 %`. */
  readonly title: string
  readonly outcome: VerdictOutcome
  /** One sentence with the numbers. */
  readonly summary: string
  readonly measured?: number
  readonly limit?: number
  /** At most 48 are listed; `offendersTotal` counts all. */
  readonly offenders: readonly Offender[]
  readonly offendersTotal: number
}

export interface Check<Name extends string, Params extends TProperties> {
  readonly name: Name
  /** One line for people: the property that must hold. */
  readonly description: string
  /** Of something that must never happen: one offender is proof, also in a run that is otherwise inconclusive. */
  readonly safety?: true
  /** One use that works as it stands, where there is something to choose: documentation shows it. */
  readonly example?: Static<TObject<Params>>
  readonly params: TObject<Params>
  judge(evidence: Evidence, params: Static<TObject<Params>>): CheckResult
}

/** A line of the story of the first violation, in time order. */
export interface StoryLine {
  /** Milliseconds since the workload began. */
  readonly ms: number
  /** `client`, an instance, `payments`, `fault`. */
  readonly who: string
  readonly text: string
}

export interface Story {
  readonly about: string
  readonly headline: string
  readonly lines: readonly StoryLine[]
  readonly expected: string
  readonly actual: string
}

export interface Verdict {
  readonly outcome: VerdictOutcome
  /** One line that a tired learner understands at one look. */
  readonly headline: string
  readonly checks: readonly CheckResult[]
  /** Inconclusive: each reason, and what would make the run conclusive. */
  readonly reasons: readonly string[]
  readonly story?: Story
}
