import type { Scenario } from '#chaos/contracts/scenario.ts'
import type { CheckResult, Story, Verdict } from '#chaos/contracts/verdict.ts'

import type { RunZero, Zero } from '../run-zero.ts'
import type { ComposedVariants } from '../scenario/compose-variants.ts'
import type { StepOutcome } from './step-outcome.ts'

/** One run of a scenario. */
export interface RunRequest {
  /** Unique id, also the name of the run folder. */
  readonly id: string
  readonly scenario: Scenario
  readonly seed: number
  /** Must exist. The run writes verdict.json, journal.jsonl, history.jsonl and logs/ there. */
  readonly folder: string
  /** Tests the promises of the lab's README directly on the code, before the load begins. Undefined: there are none. */
  readonly probeContract?: (signal: AbortSignal) => Promise<CheckResult | undefined>
  /** The seam files that the shop runs, and the seams that they must contain; absent: the shop's own code. */
  readonly exercise?: { readonly folder: string; readonly seams: readonly string[] }
  /** Judged after the scenario, if it held. A text says why there is no sweep. */
  readonly sweep?: SweepRequest | string
  /** Judged after scenario and sweep, if the scenario held and the sweep was not violated. */
  readonly variants?: ComposedVariants
  /** Set for the variants of a scenario that held. */
  readonly variant?: VariantRun
  /** Aborts the run. The run heals everything, then rejects with the reason. */
  readonly signal: AbortSignal
}

/** A fault at each message of the judged code, in the sandbox of the run. */
export interface SweepRequest {
  /** For a countdown: how long the cases may take. */
  readonly budgetMs: number
  /** Does not reject, except when the signal aborts. Leaves the shop with other settings than those of the run. */
  readonly run: (signal: AbortSignal, zero: Zero) => Promise<SweepResult>
}

export interface SweepResult {
  readonly check: CheckResult
  /** The story of the case that decided; absent if none was violated. */
  readonly story?: Story
}

/** The variants of a scenario: their check results are not published one by one. */
export interface VariantRun {
  /** Receives what happened under the faults, before the checks. */
  readonly onFaults: (faults: FaultsSummary) => void
}

export interface FaultsSummary {
  readonly steps: readonly StepOutcome[]
  /** Milliseconds from the start of the workload to the start of the load with faults. */
  readonly loadFromMs: number
}

/** A run that has begun. */
export interface StartedRun extends RunRequest {
  /** ISO 8601. Logs of the run count from here. */
  readonly startedAt: string
  /** The scenario and its variants have one clock. */
  readonly zero: RunZero
  /** The load begins when this resolves. It rejects if there must be no load. */
  readonly beforeLoad?: () => Promise<unknown>
}

export interface RunResult {
  readonly id: string
  readonly folder: string
  readonly seed: number
  readonly verdict: Verdict
}
