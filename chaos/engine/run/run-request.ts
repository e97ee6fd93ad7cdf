import type { CheckResult, Verdict } from '#chaos/contracts/check.ts'
import type { Scenario } from '#chaos/contracts/scenario.ts'

/** One run of a scenario. */
export interface RunRequest {
  /** Unique id, also the name of the run folder. */
  readonly id: string
  readonly scenario: Scenario
  readonly seed: number
  /** Must exist. The run writes verdict.json, journal.jsonl, history.jsonl and logs/ there. */
  readonly folder: string
  /** Tests the promises of the lab's README directly on the code, before the shop runs it. Undefined: there are none. */
  readonly probeContract?: (signal: AbortSignal) => Promise<CheckResult | undefined>
  /** The seam files that the shop runs, and the seams that they must contain; absent: the shop's own code. */
  readonly exercise?: { readonly folder: string; readonly seams: readonly string[] }
  /** Aborts the run. The run heals everything, then rejects with the reason. */
  readonly signal: AbortSignal
}

export interface RunResult {
  readonly id: string
  readonly folder: string
  readonly seed: number
  readonly verdict: Verdict
}
