import type { Verdict } from '#chaos/contracts/check.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { FlowComparison, FlowRecord } from '#chaos/contracts/flow-record.ts'
import type { OperationKind } from '#chaos/contracts/history.ts'

/** Everything that a report shows about one run. */
export interface ReportData {
  readonly id: string
  readonly title: string
  /** Absent: the run of a scenario that belongs to no lab. */
  readonly lab?: ReportedLab
  /** Version of the lab's code: `mine`, `start`, `near-misses/NAME`. */
  readonly version?: string
  readonly seed: number
  readonly startedAt: string
  readonly verdict: Verdict
  /** The kinds of operations of the system, in the order of the key above the chart. */
  readonly operations: readonly OperationKind[]
  readonly events: readonly SandboxEvent[]
  readonly scenarioText: string
  /** The first failing flow of each violated check. Absent: the run recorded no flows. */
  readonly flows?: readonly ReportFlow[]
  /** Versions by program: `node`, `postgres`, `unhappy-path`. */
  readonly versions: Readonly<Record<string, string>>
}

/** The lab of a run, and what the learner did and wrote. */
export interface ReportedLab {
  readonly id: string
  readonly title: string
  readonly goal: string
  /** The judged code beside the starting code: one unified diff for each seam file that differs. */
  readonly diffs: readonly { readonly file: string; readonly diff: string }[]
  /** Only of the learner's own code, as the next ones. */
  readonly prediction?: {
    readonly question: string
    readonly answer: string
    /** Percent. */
    readonly confidence: number
    /** Present after a run that was violated or held. */
    readonly outcome?: {
      readonly isRight: boolean
      readonly right: string
      readonly because: string
    }
  }
  /** What the learner thinks that happened. */
  readonly explanation?: string
}

/** The first failing flow of a violated check. */
export interface ReportFlow {
  /** `CheckResult.title`. */
  readonly check: string
  readonly drawn: FlowRecord | FlowComparison
}
