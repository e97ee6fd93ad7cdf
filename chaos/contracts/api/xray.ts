import type { XrayEvent } from '../events.ts'

/** Starts an X-ray. With `lab`: of that version's code, without the safety nets that the lab's scenario turns off. */
export interface XrayBody {
  /** A flow of the system, or the name of a flow file in the folder of an adopted system: `checkout.flow.yaml`. */
  readonly flow: string
  readonly mode: 'full' | 'quick'
  readonly lab?: string
  readonly version?: string
  /** Folder of seam files, instead of a lab. */
  readonly exerciseDir?: string
  /** Safety nets to turn off; absent: those that the lab turns off. */
  readonly off?: readonly string[]
  /** The cells to run, for example `s07/reply-cut` or `POST /charges/reply-cut`; absent: all. */
  readonly only?: readonly string[]
  /** A flow file, or a module with a function, instead of a flow of the system. `flow` is its name. */
  readonly file?: { readonly path: string; readonly text: string }
  /** The client sends each request of the file twice. */
  readonly retry?: boolean
  /** Cells that have not begun after this time do not run. Absent: all run. */
  readonly budgetMs?: number
}

export interface XrayList {
  readonly xrays: readonly XraySummary[]
  readonly flows: readonly { readonly name: string; readonly description: string }[]
  /** The flow files in the folder of an adopted system; null: the system is not adopted. */
  readonly files: readonly FlowFileView[] | null
  /** Why this controller cannot start an X-ray; null: it can. */
  readonly cannotStart: string | null
  /** An X-ray uses the sandbox of this controller: nothing else can use it meanwhile. False: it starts its own sandboxes. */
  readonly usesSandbox: boolean
}

/** A flow file of a user. */
export interface FlowFileView {
  /** `checkout.flow.yaml` */
  readonly name: string
  readonly description: string
  /** File, line, value and remedy of the first error; null: an X-ray of it can start. */
  readonly error: string | null
}

export interface XraySummary {
  readonly id: string
  readonly flow: string
  /** The code that was X-rayed. */
  readonly variant: string
  readonly mode: 'full' | 'quick'
  readonly startedAt: string
  readonly state: XrayEvent['state']
  /** Why the X-ray failed or was stopped. */
  readonly error: string | null
  /** The current step before the first cell is done. */
  readonly status: string
  readonly done: number
  readonly total: number
  readonly leftMs: number | null
  /** Folder, relative to the project's root. Absolute for an adopted system. */
  readonly folder: string
  /** Number of cells that violate integrity, that never settle, and that report no failure although they should. */
  readonly integrity: number
  readonly liveness: number
  readonly silent: number
  /** Whether this controller started the X-ray and can stop it. */
  readonly ours: boolean
}
