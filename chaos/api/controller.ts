import type {
  AliveView,
  CatalogueView,
  FaultBody,
  HealReport,
  ProfileView,
  RedisReply,
  RunBody,
  RunSummary,
  RunView,
  SandboxView,
  SqlRows,
  TrafficRates,
  XrayList,
  XrayBody,
  XraySummary,
} from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { DirectConnections, LogLine } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'
import type { LabEditor } from '#chaos/exercise/editor/lab-editor.ts'
import type { LabControl } from '#chaos/exercise/lab-control.ts'
import type { Gamedays } from '#chaos/gameday/gameday.ts'
import type { Member } from '#chaos/workshop/member/member.ts'
import type { XrayView } from '#chaos/xray/live/xray-view.ts'
import type { Cell } from '#chaos/xray/matrix.ts'

import type { LiveFlows } from './flows/live-flows.ts'
import type { RunFlows } from './runs/run-flows.ts'
import type { TrapControl } from './sandbox/trap-control.ts'

/** The operations behind the HTTP API. `create-controller.ts` implements them on the engine; tests use plain objects. */
export interface Controller {
  /** What the sandbox runs. Schemas of routes contain its names. */
  readonly system: Pick<System, 'operations' | 'truth'>
  /** Asks no other process. */
  alive(): AliveView
  readonly sandbox: {
    view(): Promise<SandboxView>
    /** Open connections that pass no link. Throws {@link InputError} where none can. */
    directConnections(): Promise<readonly DirectConnections[]>
    /** Restores the shop: its own code, every safety net, empty books, no fault. */
    restore(): Promise<void>
    /** Returns at once. The process ends when the sandbox is down. */
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
  readonly profiles: {
    list(): readonly ProfileView[]
    /** Resolves when its parts are ready. Throws {@link InputError} for an unknown profile and during a run. */
    start(name: string): Promise<ProfileView>
    /** Releases it for the user. It stays on while a run or a fault needs it. */
    stop(name: string): Promise<ProfileView>
  }
  readonly traffic: {
    start(rates: TrafficRates): Promise<TrafficRates>
    stop(): Promise<void>
  }
  readonly traps: TrapControl
  /** Throws an {@link InputError} with status 503 and `PartialCounters` as details if a source cannot be read. */
  truth(): Promise<TruthCounters>
  /** Reads the stores directly, through no link. Throws {@link InputError}. */
  readonly stores: {
    /** One statement that reads. */
    sql(statement: string): Promise<SqlRows>
    /** One command that reads. */
    redis(command: string): Promise<RedisReply>
  }
  logs(
    instance: string,
    options: { readonly tail: number; readonly follow: boolean; readonly signal: AbortSignal },
  ): AsyncIterable<LogLine>
  readonly runs: RunControl
  readonly flows: RunFlows
  readonly liveFlows: Pick<LiveFlows, 'get'>
  readonly labs: Omit<LabControl, 'recordOutcome'>
  /** The learner's files and their types. */
  readonly editor: LabEditor
  readonly xrays: XrayControl
  /** The learner's side of a workshop. */
  readonly workshop: Pick<Member, 'view' | 'join' | 'leave' | 'help' | 'share'>
  readonly gamedays: Gamedays
}

export interface EventFeed {
  readonly lastSeq: number
  /** The events after `seq` that are still in memory, oldest first. */
  since(seq: number): readonly SandboxEvent[]
  /** Calls `listener` for every new event. Returns a function that ends the subscription. */
  subscribe(listener: (event: SandboxEvent) => void): () => void
}

export interface RunControl {
  /** Checks the request, starts the run and returns before its end. Throws {@link InputError}. */
  start(request: RunBody): Promise<RunView>
  list(): Promise<readonly RunSummary[]>
  get(id: string): Promise<RunView>
  journal(id: string, after: number): Promise<readonly SandboxEvent[]>
  /** Absolute path of a file in the run's folder. */
  file(id: string, name: string): Promise<string>
  abort(id: string): Promise<void>
}

export interface XrayControl {
  list(): Promise<XrayList>
  /** The matrix with the cells so far, without their courses. */
  get(id: string): Promise<XrayView>
  /** One cell with its course. */
  cell(id: string, cell: string): Promise<Cell>
  /** Absolute path of xray.html or xray.json. */
  file(id: string, name: string): Promise<string>
  /** Returns when the X-ray has started. Throws {@link InputError}. */
  start(request: XrayBody): Promise<XraySummary>
  /** Stops an X-ray that this controller started. Resolves when its sandboxes are down. */
  stop(id: string): Promise<void>
}
