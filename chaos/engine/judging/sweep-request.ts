import type { CheckResult, Story } from '#chaos/contracts/verdict.ts'

/** A fault at each message of the judged code, in the sandbox of the run. */
export interface SweepRequest {
  /** For a countdown: how long the cases may take. */
  readonly budgetMs: number
  /** Does not reject, except when the signal aborts. Leaves the shop with other settings than those of the run. */
  readonly run: (signal: AbortSignal) => Promise<SweepResult>
}

export interface SweepResult {
  readonly check: CheckResult
  /** The story of the case that decided; absent if none was violated. */
  readonly story?: Story
}
