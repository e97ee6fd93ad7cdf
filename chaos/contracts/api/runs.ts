import type { Phase } from '../events.ts'
import type { CheckResult, Verdict, VerdictOutcome } from '../verdict.ts'
import type { ApiError } from './error.ts'

/** Starts a run. Exactly one of `lab` and `scenario` is given. */
export interface RunBody {
  readonly lab?: string
  /** Version of the lab: `mine` (my-work, the default), `start`, `shop`, `near-misses/<name>`, `alternatives/<name>`. */
  readonly version?: string
  /** Text of a scenario file. */
  readonly scenario?: string
  /** File of the scenario, for error messages. */
  readonly file?: string
  /** With `scenario`: folder of the seam files that the shop runs. */
  readonly exerciseDir?: string
  readonly seed?: number
  /** With `lab`: judges the scenario alone, without contract probes, sweep and variants. */
  readonly quick?: boolean
  /** With `lab`: how long the cases of the sweep may take, in milliseconds. Absent: 10 s. */
  readonly sweepMs?: number
  /**
   * With `lab`: runs exactly these variants after the scenario, in this sequence, and no sweep. `all` stands for every variant
   * of the lab. Not with `quick`.
   */
  readonly variants?: readonly string[]
}

/** Starts a run of the lab in the path. */
export type CheckBody = Pick<RunBody, 'version' | 'seed' | 'quick' | 'sweepMs' | 'variants'>

export interface RunSummary {
  readonly id: string
  readonly title: string
  readonly lab?: string
  readonly version?: string
  readonly seed: number
  readonly startedAt: string
  readonly endedAt: string | null
  /**
   * The journal's time stamp (`ms`) at 0 of the run's clock: when its clients began to send. Absent before that moment, and in
   * runs of earlier versions.
   */
  readonly zeroMs?: number
  readonly state: 'running' | 'done' | 'aborted' | 'failed'
  readonly outcome: VerdictOutcome | null
  readonly headline: string | null
}

export interface RunView extends RunSummary {
  readonly phase: Phase | null
  readonly checks: readonly CheckResult[]
  readonly verdict: Verdict | null
  /** Present if the verdict has a story that this page may not show yet. */
  readonly storyLockedUntil?: 'your explanation'
  /** Why a failed run has no verdict: an error in the harness, the seam files or the input. */
  readonly error: ApiError | null
  /** Folder, relative to the project's root. */
  readonly folder: string
  readonly files: readonly string[]
}
