import type { Verdict } from '#chaos/contracts/check.ts'
import type { Scenario } from '#chaos/contracts/scenario.ts'

/** One run of a scenario. */
export interface RunRequest {
  /** Names the run and its folder. */
  readonly id: string
  readonly scenario: Scenario
  readonly seed: number
  /** Exists. The run leaves verdict.json, journal.jsonl, history.jsonl and logs/ there. */
  readonly folder: string
  /** Seam files to run the shop with, and the seams that must be among them; absent: the shop's own. */
  readonly exercise?: { readonly folder: string; readonly seams: readonly string[] }
  /** Aborts the run; it heals everything before it rejects with the reason. */
  readonly signal: AbortSignal
}

export interface RunResult {
  readonly id: string
  readonly folder: string
  readonly seed: number
  readonly verdict: Verdict
}
