import type {
  CatalogueView,
  FaultBody,
  HealReport,
  LabSummary,
  LabView,
  PredictionBody,
  RunBody,
  RunSummary,
  RunView,
  SandboxView,
  SolutionView,
  TrafficRates,
  XrayList,
  XrayBody,
  XraySummary,
} from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { LogLine } from '#chaos/contracts/runtime.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'
import type { XrayView } from '#chaos/xray/live/xray-view.ts'
import type { Cell } from '#chaos/xray/matrix.ts'

import type { TrapControl } from './sandbox/trap-control.ts'

/** What stands behind the HTTP API. `create-controller.ts` builds it on the engine; tests build it of plain objects. */
export interface Controller {
  readonly sandbox: {
    view(): Promise<SandboxView>
    /** The shop as it was at the start: own code, every net, fresh books. */
    restore(): Promise<void>
    /** Returns at once; the process ends when everything is down. */
    shutDown(): void
  }
  readonly events: EventFeed
  catalogue(): CatalogueView
  readonly faults: {
    list(): readonly ActiveFault[]
    inject(request: FaultBody): Promise<ActiveFault>
    heal(id: string): Promise<void>
    healAll(): Promise<HealReport>
    halt(): Promise<HealReport>
    lift(): Promise<void>
  }
  readonly traffic: {
    start(rates: TrafficRates): Promise<TrafficRates>
    stop(): Promise<void>
  }
  readonly traps: TrapControl
  truth(): Promise<TruthCounters>
  logs(
    instance: string,
    options: { readonly tail: number; readonly follow: boolean; readonly signal: AbortSignal },
  ): AsyncIterable<LogLine>
  readonly runs: RunControl
  readonly labs: LabControl
  readonly xrays: XrayControl
}

export interface EventFeed {
  readonly lastSeq: number
  /** What is still remembered after `seq`, oldest first. */
  since(seq: number): readonly SandboxEvent[]
  /** Called for every new event; returns the function that ends it. */
  subscribe(listener: (event: SandboxEvent) => void): () => void
}

export interface RunControl {
  /** Checks everything that can be checked before, then returns while the run goes on. Throws InputError. */
  start(request: RunBody): Promise<RunView>
  list(): Promise<readonly RunSummary[]>
  get(id: string): Promise<RunView>
  journal(id: string, after: number): Promise<readonly SandboxEvent[]>
  /** Absolute path of a file of the run's folder. */
  file(id: string, name: string): Promise<string>
  abort(id: string): Promise<void>
}

export interface LabControl {
  list(): Promise<readonly LabSummary[]>
  get(id: string): Promise<LabView>
  start(id: string): Promise<LabView>
  reset(id: string): Promise<LabView>
  predict(id: string, prediction: PredictionBody): Promise<LabView>
  explain(id: string, text: string): Promise<LabView>
  hint(id: string): Promise<LabView>
  solution(id: string): Promise<SolutionView>
}

export interface XrayControl {
  list(): Promise<XrayList>
  /** The matrix as far as it is known; cells without their course. */
  get(id: string): Promise<XrayView>
  /** With its course. */
  cell(id: string, cell: string): Promise<Cell>
  /** Absolute path of xray.html or xray.json. */
  file(id: string, name: string): Promise<string>
  /** Returns when it has begun. Throws InputError. */
  start(request: XrayBody): Promise<XraySummary>
  /** Resolves when its sandboxes are down. */
  stop(id: string): Promise<void>
}
