import type { CheckResult, Outcome3, Verdict } from './check.ts'
import type { Phase, XrayEvent } from './events.ts'
import type { ActiveFault } from './fault.ts'
import type { Lab } from './lab.ts'
import type { LinkStatus } from './links.ts'
import type { InstanceStatus, RuntimeKind } from './runtime.ts'
import type { TruthCounters } from './truth.ts'

/**
 * What the controller's HTTP API answers; `chaos/api` serves it, CLI and dashboard are its clients. Routes:
 *
 *   GET    /api/sandbox                     SandboxView
 *   DELETE /api/sandbox                     takes the whole sandbox down (local runtime)
 *   POST   /api/sandbox/restore             204: the shop as at the start: own code, every net, fresh books
 *   GET    /api/events                      server-sent SandboxEvent, resumable with Last-Event-ID; ?types=fault,run
 *   GET    /api/catalogue                   CatalogueView: faults and checks with their JSON Schemas
 *   GET    /api/faults                      ActiveFault[]
 *   POST   /api/faults                      FaultRequest -> 201 ActiveFault
 *   DELETE /api/faults/:id                  204
 *   DELETE /api/faults                      HealReport: heals every fault, leaves the shop running
 *   GET    /api/traps                       TrapStatus[]: since they were armed, until they are disarmed
 *   POST   /api/traps                       TrapRequest -> 201 { id }
 *   DELETE /api/traps/:id                   204: what it holds goes on
 *   POST   /api/traps/:id/release           { then: deliver | cut | silence } -> 204
 *   POST   /api/taps                        TapRequest -> 201 { id }: exchanges on the event stream
 *   DELETE /api/taps/:id                    204
 *   POST   /api/halt                        HealReport: heals, aborts runs, refuses new faults until lifted
 *   DELETE /api/halt                        204: lifted
 *   PUT    /api/traffic                     TrafficRates -> TrafficRates: customers outside of runs, until stopped
 *   DELETE /api/traffic                     204
 *   GET    /api/truth                       TruthCounters
 *   GET    /api/instances/:name/logs        server-sent LogLine; ?tail=100&follow=true
 *   POST   /api/runs                        RunRequest -> 202 RunView
 *   GET    /api/runs                        RunSummary[], newest first
 *   GET    /api/runs/:id                    RunView
 *   GET    /api/runs/:id/journal            SandboxEvent[] (?after=seq)
 *   GET    /api/runs/:id/files/:name        a file of the run's folder
 *   DELETE /api/runs/:id                    aborts it
 *   GET    /api/runs/:id/export.json        everything about it in one file
 *   GET    /api/xrays                       XrayList: newest first, and whether one can be made here
 *   POST   /api/xrays                       XrayRequest -> 202 XraySummary
 *   GET    /api/xrays/:id                   XraySummary with the matrix, finished or not; cells without their history
 *   GET    /api/xrays/:id/cells/:step/:column  a cell with its history
 *   GET    /api/xrays/:id/files/:name       xray.html or xray.json
 *   DELETE /api/xrays/:id                   stops the one that was started here -> 204
 *   GET    /api/labs                        LabSummary[]
 *   GET    /api/labs/:id                    LabView
 *   POST   /api/labs/:id/start              copies start/ to my-work/ -> LabView
 *   POST   /api/labs/:id/reset              keeps a backup, copies anew -> LabView
 *   POST   /api/labs/:id/prediction         PredictionRequest -> LabView (409 once locked)
 *   POST   /api/labs/:id/explanation        { text } -> LabView
 *   POST   /api/labs/:id/hint               unlocks the next hint -> LabView
 *   POST   /api/labs/:id/check              { seed?, version? } -> 202 RunView
 *   GET    /api/labs/:id/solution           SolutionView
 *   GET    /api/openapi.json
 *
 * Changes need `content-type: application/json` and the sandbox's token (`authorization: Bearer ...`). Errors are
 * {@link ApiError} with a fitting status.
 */
export interface ApiError {
  readonly error: string
  readonly remedy?: string
  readonly status: number
}

/** Written to `.unhappy/sandboxes/<slot>.json` by the controller, removed when it ends; how the CLI finds it. */
export interface SandboxFile {
  readonly slot: number
  readonly pid: number
  readonly url: string
  readonly token: string
  readonly runtime: RuntimeKind
  readonly startedAt: string
  /** Made for one command and taken down after it. */
  readonly ephemeral: boolean
}

export interface SandboxView {
  readonly runtime: RuntimeKind
  readonly version: string
  readonly node: string
  readonly slot: number
  readonly startedAt: string
  readonly ready: boolean
  readonly halted: boolean
  readonly urls: {
    readonly dashboard: string
    /** One entry per API instance, through its client link. */
    readonly shop: readonly string[]
    readonly proxy: string
    readonly postgres: string
    readonly redis: string
    /** In Docker: the same addresses for who stands in a container of the project. */
    readonly inside?: {
      readonly proxy: string
      readonly postgres: string
      readonly redis: string
    }
  }
  readonly instances: readonly InstanceStatus[]
  readonly links: readonly LinkStatus[]
  readonly faults: readonly ActiveFault[]
  readonly truth: TruthCounters | null
  /**
   * Orders that the sandbox's own customers were told yes about since the books were fresh; counted before `truth` is read:
   * more than there are orders means that some are lost.
   */
  readonly acknowledged: number
  /** Customers that come by outside of runs; null: none. */
  readonly traffic: TrafficRates | null
  /** The run that has the sandbox now. */
  readonly run: string | null
  readonly lastSeq: number
}

/** Operations per second. */
export interface TrafficRates {
  readonly ordersPerSecond: number
  readonly browsePerSecond: number
  readonly quotesPerSecond: number
  readonly readOrdersPerSecond: number
}

export interface CatalogueView {
  readonly faults: readonly {
    readonly kind: string
    readonly description: string
    readonly target: 'link' | 'instance' | 'store'
    /** JSON Schema. */
    readonly params: unknown
    /** How this runtime does it, or why it cannot. */
    readonly here: string
    readonly available: boolean
  }[]
  readonly checks: readonly {
    readonly name: string
    readonly description: string
    readonly params: unknown
  }[]
}

export interface FaultBody {
  readonly kind: string
  /** Name or pattern. */
  readonly target: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly leaseMs?: number
}

/** At most one of `then`, `delayMs`, `reply`, `kill`, `pause`; none: only report. */
export interface TrapBody {
  /** Name or pattern. */
  readonly link: string
  readonly exchange: string
  readonly nth?: number
  readonly phase: 'before' | 'after'
  readonly transaction?: string
  readonly then?: 'cut' | 'silence' | 'deliver' | 'hold'
  readonly delayMs?: number
  /** The protocol's own error, as the caller gets it. */
  readonly reply?: string
  /** This end of the link dies while the message is held; the message is lost, and the process comes back after a second. */
  readonly kill?: 'caller' | 'callee'
  /** This end of the link is frozen until the lease is over. */
  readonly pause?: 'caller' | 'callee'
  readonly leaseMs?: number
}

export interface TapBody {
  /** Name or pattern; `*` is every link. */
  readonly link: string
  /** Texts to look for in messages, beside the keys of the shop's own workload. */
  readonly transactions?: readonly string[]
  readonly leaseMs?: number
}

export interface HealReport {
  readonly undone: readonly string[]
  readonly couldNotUndo: readonly { readonly what: string; readonly error: string }[]
}

/** Exactly one of `lab` and `scenario`. */
export interface RunBody {
  readonly lab?: string
  /** Of a lab: `mine` (my-work, the default), `start`, `shop`, `near-misses/<name>`, `alternatives/<name>`. */
  readonly version?: string
  /** Text of a scenario file. */
  readonly scenario?: string
  /** For messages: where the text came from. */
  readonly file?: string
  /** With a scenario: a folder of seam files to run the shop with. */
  readonly exerciseDir?: string
  readonly seed?: number
}

export interface RunSummary {
  readonly id: string
  readonly title: string
  readonly lab?: string
  readonly version?: string
  readonly seed: number
  readonly startedAt: string
  readonly endedAt: string | null
  readonly state: 'running' | 'done' | 'aborted' | 'failed'
  readonly outcome: Outcome3 | null
  readonly headline: string | null
}

export interface RunView extends RunSummary {
  readonly phase: Phase | null
  readonly checks: readonly CheckResult[]
  readonly verdict: Verdict | null
  /** Failed: the harness, the seams or the input; never a verdict. */
  readonly error: ApiError | null
  /** Folder, relative to the project's root. */
  readonly folder: string
  readonly files: readonly string[]
}

export interface XrayList {
  readonly xrays: readonly XraySummary[]
  readonly flows: readonly { readonly name: string; readonly description: string }[]
  /** Why none can be made here; null: one can. */
  readonly cannotStart: string | null
}

export interface XraySummary {
  readonly id: string
  readonly flow: string
  /** Whose code was looked at. */
  readonly variant: string
  readonly mode: 'full' | 'quick'
  readonly startedAt: string
  readonly state: XrayEvent['state']
  /** Why it failed or was stopped. */
  readonly error: string | null
  /** What it is doing before there are cells. */
  readonly status: string
  readonly done: number
  readonly total: number
  readonly leftMs: number | null
  /** Folder, relative to the project's root. */
  readonly folder: string
  /** Cells that lose integrity, that do not end, that say nothing although they should. */
  readonly integrity: number
  readonly liveness: number
  readonly silent: number
  /** This controller started it and can stop it. */
  readonly ours: boolean
}

/** With `lab`: the code of its version, and without the nets that its scenario takes away. */
export interface XrayBody {
  readonly flow: string
  readonly mode: 'full' | 'quick'
  readonly lab?: string
  readonly version?: string
}

export interface LabSummary {
  readonly id: string
  readonly track: Lab['track']
  readonly title: string
  readonly minutes: number
  readonly state: 'new' | 'started' | 'violated' | 'held'
  readonly hintsUsed: number
}

export interface LabView extends LabSummary {
  readonly goal: string
  readonly seams: Lab['seams']
  /** Folder of the learner's files, relative to the project's root. */
  readonly workFolder: string
  readonly files: readonly { readonly path: string; readonly modifiedAt: string }[]
  /** Markdown. */
  readonly readme: string
  readonly question: string
  readonly answers: readonly string[]
  readonly prediction: {
    readonly answer: number
    readonly confidence: number
    readonly at: string
  } | null
  /** Present once a run was violated or held: which answer the measurement bears out, and why. */
  readonly outcomeOfPrediction: { readonly right: number; readonly because: string } | null
  readonly explanation: string | null
  readonly hints: readonly string[]
  readonly hintsTotal: number
  readonly learned: readonly string[]
  readonly runs: readonly RunSummary[]
}

export interface PredictionBody {
  readonly answer: number
  /** Percent, 0 to 100. */
  readonly confidence: number
}

export interface SolutionView {
  readonly files: readonly {
    readonly seam: string
    readonly yours: string
    readonly shop: string
    /** Unified diff from start/ to the shop's own file. */
    readonly diff: string
  }[]
}
