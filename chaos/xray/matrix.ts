import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import type { CellResult } from './judging/cell-results.ts'
import type { ColumnId } from './planning/columns.ts'
import type { FlowName } from './planning/flows.ts'

/** The result of an X-ray: what `xray.json` holds. */
export interface Matrix {
  readonly v: 1
  readonly kind: 'failure-matrix'
  readonly flow: FlowName
  /** Whose code was looked at: `shop`, or the folder of the exercise. */
  readonly variant: string
  /** Seam files that the shop ran with; null: its own. What a replay needs. */
  readonly code: { readonly folder: string; readonly seams: readonly string[] } | null
  readonly mode: 'full' | 'quick'
  readonly startedAt: string
  readonly env: {
    readonly node: string
    readonly stacks: number
    /** Timers are shorter than the shop's own, so that an X-ray takes minutes. */
    readonly timersScaled: Readonly<Record<string, number>>
    readonly netsOff: readonly string[]
  }
  readonly baseline: {
    readonly runs: number
    /** Exchanges of the flow in each of them. */
    readonly exchanges: readonly number[]
    readonly ms: readonly number[]
    /** The last of them, to lay a cell's course beside it. */
    readonly course: readonly CourseLine[]
  }
  readonly steps: readonly Step[]
  /** Exchanges that also happen when nobody orders, or not in every run: listed, and not looked at. */
  readonly background: readonly BackgroundExchange[]
  readonly columns: readonly ColumnId[]
  readonly cells: readonly Cell[]
  readonly classes: readonly CellClass[]
  readonly summary: Summary
}

/** One exchange of the flow: a row of the matrix. */
export interface Step {
  /** `s07` */
  readonly id: string
  /** `worker:payments|POST /charges|1`: the same in every run. */
  readonly key: string
  /** By service: `worker:payments`. */
  readonly link: string
  readonly protocol: 'http' | 'postgres' | 'redis'
  readonly signature: string
  /** Which one with this signature on this link, in this order. */
  readonly nth: number
  readonly caller: string
  readonly callee: string
  /** Where it went in the untouched run, such as `worker-1:postgres#329`: what is on one connection is in a row. */
  readonly connection: string
  /**
   * How the message is told from those of others: by a text in it (or in its database transaction), by one in its reply, or
   * only by the fact that nothing else goes on.
   */
  readonly told: 'payload' | 'reply' | 'alone'
  /** When its request does not say whose it is: which one it is, counted from the exchange of the order before it. */
  readonly anchor?: { readonly link: string; readonly signature: string; readonly nth: number }
  /** It changes something. */
  readonly write: boolean
  readonly order: number
  /** Milliseconds since the client sent its request, in the untouched run. */
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
  readonly verdict: CellResult
  /** How often the same came out: `3/3`; not repeated when it is good. */
  readonly confirmed?: string
  /** Outcomes differed between repetitions. */
  readonly timingSensitive?: true
  /** All verdicts that were seen, when they differed. */
  readonly seen?: readonly CellResult[]
  /** Pruned: the cell that stands for this one, and why. */
  readonly sameAs?: string
  readonly rule?: string
  /** Why there is no verdict. */
  readonly why?: string
  readonly class?: string
  readonly client?: 'ok' | 'fail' | 'unknown'
  /** What the processes did, and what the business sees. */
  readonly local?: string
  readonly global?: string
  readonly violations?: readonly Violation[]
  readonly firedAtMs?: number
  /** Since the fault; null: not before patience ended. */
  readonly quietAfterMs?: number | null
  readonly wallMs?: number
  readonly restarts?: readonly string[]
  /** Exchanges that an untouched run does not have. */
  readonly newSteps?: readonly string[]
  /** The exchange on which the trap sprang. */
  readonly sprungOn?: { readonly link: string; readonly connection: number }
  readonly course?: readonly CourseLine[]
  readonly story?: string
}

export interface Violation {
  readonly invariant: string
  readonly expected: string
  readonly actual: string
}

/** A line of a sequence diagram. */
export interface CourseLine {
  readonly atMs: number
  readonly kind: 'request' | 'reply' | 'fault' | 'exit' | 'start' | 'client'
  readonly from: string
  readonly to: string
  readonly text: string
  /** Groups a request with its reply. */
  readonly exchange?: string
  readonly key?: string
}

/** Cells with the same outcome and the same course. */
export interface CellClass {
  readonly id: string
  readonly verdict: CellResult
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
  readonly sensitive: number
  readonly errors: number
  /** Orders placed for cells, confirmations included. */
  readonly runs: number
  readonly seconds: number
}

/** What an exchange is, whatever instance takes part. */
export function serviceLinkOf(event: Pick<ExchangeEvent, 'link'>): string {
  return event.link.split(':').map(serviceOf).join(':')
}

/** `worker-2` is `worker`. */
export function serviceOf(instance: string): string {
  return instance.replace(/-\d+$/, '')
}
