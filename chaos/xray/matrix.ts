import type { EvidenceLine, Learned, Violation } from '#chaos/contracts/system/flow.ts'

import type { CellResult } from './judging/cell-results.ts'
import type { ColumnId } from './planning/columns.ts'

/**
 * The matrix of one X-ray: the content of `xray.json`. `parseXrayJson` reads files of earlier
 * versions.
 */
export interface Matrix {
  readonly v: 1
  readonly kind: 'failure-matrix'
  /** Name of the flow in the system. */
  readonly flow: string
  /** The code in the X-ray: `shop`, or the name of the exercise. */
  readonly variant: string
  /** Seam files that the system ran with, for a replay; null: its own. */
  readonly code: { readonly folder: string; readonly seams: readonly string[] } | null
  readonly mode: 'full' | 'quick'
  /** The file of the flow, for a replay. Absent: the flow is one of the system's own. */
  readonly flowFile?: { readonly path: string; readonly text: string }
  /** The effect with which the cells are compared. Absent: the flow has a judge of its own. */
  readonly learned?: Learned
  readonly startedAt: string
  readonly env: {
    readonly node: string
    readonly sandboxes: number
    /** Timers of the system during the X-ray, in milliseconds, by environment variable. */
    readonly timersScaled: Readonly<Record<string, number>>
    readonly netsOff: readonly string[]
  }
  readonly baseline: {
    readonly runs: number
    /** Number of exchanges of the flow in each run. */
    readonly exchanges: readonly number[]
    readonly ms: readonly number[]
    /** History of the last run, to compare with the history of a cell. */
    readonly history: readonly HistoryLine[]
  }
  readonly steps: readonly FlowStep[]
  /** Exchanges that also happen without an order, or not in every run: listed without cells. */
  readonly background: readonly BackgroundExchange[]
  readonly columns: readonly ColumnId[]
  readonly cells: readonly Cell[]
  readonly classes: readonly CellClass[]
  readonly summary: Summary
}

/** One exchange of the flow: a row of the matrix. */
export interface FlowStep {
  /** `s07` */
  readonly id: string
  /** `worker:payments|POST /charges|1`: identical in every run. */
  readonly key: string
  /** Services instead of instances: `worker:payments`. */
  readonly link: string
  readonly protocol: 'http' | 'postgres' | 'redis'
  readonly signature: string
  /** Its number among the steps with this signature on this link, from 1. */
  readonly nth: number
  /**
   * Its number among the exchanges of the run with this signature that carry the run's key. `before`:
   * in their requests; `after`: in their requests or replies. Absent: a trap finds it by its anchor.
   */
  readonly carriers?: { readonly before?: number; readonly after: number }
  readonly caller: string
  readonly callee: string
  /** Connection in the last run of the baseline: `worker-1:postgres#329`. Exchanges on one connection are sequential. */
  readonly connection: string
  /**
   * How a trap recognises the message: `payload`, by the run's key in it or in its database
   * transaction; `reply`, by the key in its reply; `alone`, because no other run is in progress.
   */
  readonly matchedBy: 'payload' | 'reply' | 'alone'
  /**
   * For `reply` and `alone`: the number of the exchange, counted from an exchange of the run
   * before it.
   */
  readonly anchor?: { readonly link: string; readonly signature: string; readonly nth: number }
  /** The exchange changes data. */
  readonly write: boolean
  readonly order: number
  /** Milliseconds from the client's request, in the last run of the baseline. */
  readonly atMs: number
}

export interface BackgroundExchange {
  readonly key: string
  readonly perSecond: number
  readonly because: 'idle' | 'unstable'
}

export interface Cell {
  /** `s07/reply-cut` */
  readonly id: string
  readonly step: string
  readonly column: ColumnId
  readonly result: CellResult
  /** How many runs had this result: `3/3`. Absent when the cell ran once. */
  readonly confirmed?: string
  /** The runs had different results. */
  readonly timingSensitive?: true
  /** The results of all runs, when they differ. */
  readonly seen?: readonly CellResult[]
  /** For a pruned cell: the cell that represents it, and the rule. */
  readonly sameAs?: string
  readonly rule?: string
  /** Why the cell has no result. */
  readonly why?: string
  readonly class?: string
  readonly client?: 'ok' | 'fail' | 'unknown'
  /**
   * What the processes did (`local`) and what the stores contain about the run (`global`), in words.
   */
  readonly local?: string
  readonly global?: string
  readonly violations?: readonly Violation[]
  /** The rows of the stores, compared with the learned effect. */
  readonly evidence?: readonly EvidenceLine[]
  readonly firedAtMs?: number
  /** Milliseconds from the fault until the run had settled; null: it did not settle in time. */
  readonly settledAfterMs?: number | null
  readonly wallMs?: number
  readonly restarts?: readonly string[]
  /** Keys of exchanges that a run without a fault does not have. */
  readonly newSteps?: readonly string[]
  /** The connection on which the trap fired. */
  readonly sprungOn?: { readonly link: string; readonly connection: number }
  readonly history?: readonly HistoryLine[]
  /** The reading of the controller's clock at 0 ms of the history. */
  readonly beganMs?: number
  readonly story?: string
}

/** One event of a history: a message at the time at which it passed its link, or what happened to a process. */
export interface HistoryLine {
  readonly atMs: number
  readonly kind: 'request' | 'reply' | 'fault' | 'exit' | 'start' | 'client'
  readonly from: string
  readonly to: string
  readonly text: string
  /** A request and its reply have the same value. */
  readonly exchange?: string
  readonly key?: string
}

/** Cells with the same result and the same history. */
export interface CellClass {
  readonly id: string
  readonly result: CellResult
  readonly title: string
  readonly cells: readonly string[]
}

export interface Summary {
  readonly cells: number
  readonly ran: number
  readonly pruned: number
  readonly notApplicable: number
  readonly notFired: number
  readonly integrity: number
  readonly liveness: number
  readonly ok: number
  /** Cells with further rows where that is legal (yellow). Absent in earlier files: 0. */
  readonly more?: number
  /** Cells for which the budget had no time. Absent in earlier files: 0. */
  readonly notRun?: number
  /** Why the X-ray ended before these cells, if it was not the budget. */
  readonly stopped?: string
  readonly sensitive: number
  readonly errors: number
  /** Runs of the flow for cells, including repeated ones. */
  readonly runs: number
  readonly seconds: number
}
