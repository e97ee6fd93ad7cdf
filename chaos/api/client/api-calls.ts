import type {
  AfterView,
  AliveView,
  CatalogueView,
  CheckBody,
  Completions,
  Diagnostics,
  DiagnosticsBody,
  FaultBody,
  HealReport,
  Hover,
  LabCode,
  LabSummary,
  LabView,
  LearningEvidence,
  Lenses,
  OneTimeSecret,
  ProfileView,
  PositionBody,
  PredictionBody,
  RedisReply,
  RunBody,
  RunSummary,
  RunView,
  SandboxView,
  SaveBody,
  SavedFile,
  SolutionView,
  SqlRows,
  TapBody,
  TrafficRates,
  TransferBody,
  TransferView,
  TrapBody,
  UnlockableId,
  XrayBody,
  XrayList,
  XraySummary,
} from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { FlowComparison, FlowList, FlowRecord } from '#chaos/contracts/flow-record.ts'
import type {
  ActionBody,
  AnswersBody,
  GamedayBody,
  GamedayView,
  TakenAction,
} from '#chaos/contracts/gameday/gameday-view.ts'
import type { Tap, TrapStatus } from '#chaos/contracts/links.ts'
import type { DirectConnections } from '#chaos/contracts/runtime.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'
import type { HelpRequest, JoinRequest, MembershipView } from '#chaos/contracts/workshop.ts'
import type { XrayView } from '#chaos/xray/live/xray-view.ts'
import type { Cell, Matrix } from '#chaos/xray/matrix.ts'

/** Sends one request and returns the parsed body, or undefined for an empty one. Rejects for an error status. */
export type SendRequest = <T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
) => Promise<T>

export type ApiCalls = ReturnType<typeof apiCalls>

/**
 * The controller's API, one function per route. Node clients and the browser page share it, so this file imports types
 * only; each client brings its own {@link SendRequest}.
 */
export function apiCalls(send: SendRequest) {
  return {
    alive: () => send<AliveView>('GET', '/api/alive'),
    sandbox: () => send<SandboxView>('GET', '/api/sandbox'),
    directConnections: () => send<readonly DirectConnections[]>('GET', '/api/direct-connections'),
    takeDown: () => send<void>('DELETE', '/api/sandbox'),
    /** For `GET /?secret=SECRET`. Only the token may ask for one. */
    issueSecret: () => send<OneTimeSecret>('POST', '/api/secrets'),
    restore: () => send<void>('POST', '/api/sandbox/restore'),
    catalogue: () => send<CatalogueView>('GET', '/api/catalogue'),
    truth: () => send<TruthCounters>('GET', '/api/truth'),
    sql: (statement: string) => send<SqlRows>('POST', '/api/sql', { statement }),
    redis: (command: string) => send<RedisReply>('POST', '/api/redis', { command }),
    inject: (fault: FaultBody) => send<ActiveFault>('POST', '/api/faults', fault),
    heal: (id: string) => send<void>('DELETE', path`/api/faults/${id}`),
    healAll: () => send<HealReport>('DELETE', '/api/faults'),
    halt: () => send<HealReport>('POST', '/api/halt'),
    lift: () => send<void>('DELETE', '/api/halt'),
    profiles: () => send<readonly ProfileView[]>('GET', '/api/profiles'),
    startProfile: (name: string) => send<ProfileView>('PUT', path`/api/profiles/${name}`),
    stopProfile: (name: string) => send<ProfileView>('DELETE', path`/api/profiles/${name}`),
    sendTraffic: (rates: TrafficRates) => send<TrafficRates>('PUT', '/api/traffic', rates),
    stopTraffic: () => send<void>('DELETE', '/api/traffic'),
    ...trapCalls(send),
    ...labCalls(send),
    ...runCalls(send),
    ...flowCalls(send),
    ...xrayCalls(send),
    ...workshopCalls(send),
    ...gamedayCalls(send),
  }
}

function gamedayCalls(send: SendRequest) {
  return {
    /** Null: there was none since the controller started. */
    gameday: () => send<GamedayView | null>('GET', '/api/gameday'),
    startGameday: (body: GamedayBody) => send<GamedayView>('POST', '/api/gameday', body),
    stopGameday: () => send<void>('DELETE', '/api/gameday'),
    answerIncident: (body: AnswersBody) => send<GamedayView>('POST', '/api/gameday/answers', body),
    actOnIncident: (body: ActionBody) => send<TakenAction>('POST', '/api/gameday/actions', body),
  }
}

function trapCalls(send: SendRequest) {
  return {
    traps: () => send<readonly TrapStatus[]>('GET', '/api/traps'),
    armTrap: (trap: TrapBody) => send<{ readonly id: string }>('POST', '/api/traps', trap),
    disarmTrap: (id: string) => send<void>('DELETE', path`/api/traps/${id}`),
    releaseTrap: (id: string, then: 'deliver' | 'cut' | 'silence') =>
      // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
      send<void>('POST', path`/api/traps/${id}/release`, { then }),
    tap: (tap: TapBody) => send<Tap>('POST', '/api/taps', tap),
    untap: (id: string) => send<void>('DELETE', path`/api/taps/${id}`),
  }
}

function labCalls(send: SendRequest) {
  return {
    labs: () => send<LabSummary[]>('GET', '/api/labs'),
    lab: (id: string) => send<LabView>('GET', path`/api/labs/${id}`),
    startLab: (id: string) => send<LabView>('POST', path`/api/labs/${id}/start`),
    resetLab: (id: string) => send<LabView>('POST', path`/api/labs/${id}/reset`),
    predict: (id: string, prediction: PredictionBody) =>
      send<LabView>('POST', path`/api/labs/${id}/prediction`, prediction),
    explain: (id: string, text: string) =>
      send<LabView>('POST', path`/api/labs/${id}/explanation`, { text }),
    hint: (id: string) => send<LabView>('POST', path`/api/labs/${id}/hint`),
    checkLab: (id: string, check: CheckBody = {}) =>
      send<RunView>('POST', path`/api/labs/${id}/check`, check),
    solution: (id: string) => send<SolutionView>('GET', path`/api/labs/${id}/solution`),
    labCode: (id: string) => send<LabCode>('GET', path`/api/labs/${id}/code`),
    /** Rejects with status 409 if the file on disk is not the one that the change started from. */
    saveLabFile: (id: string, seam: string, body: SaveBody) =>
      send<SavedFile>('PUT', path`/api/labs/${id}/code/${seam}`, body),
    diagnostics: (id: string, body: DiagnosticsBody) =>
      send<Diagnostics>('POST', path`/api/labs/${id}/diagnostics`, body),
    completions: (id: string, body: PositionBody) =>
      send<Completions>('POST', path`/api/labs/${id}/completions`, body),
    hover: (id: string, body: PositionBody) =>
      send<Hover>('POST', path`/api/labs/${id}/hover`, body),
    unlock: (id: string, section: UnlockableId) =>
      send<LabView>('POST', path`/api/labs/${id}/unlock`, { section }),
    reflect: (id: string, lenses: Lenses) =>
      send<LabView>('PUT', path`/api/labs/${id}/lenses`, lenses),
    transfer: (id: string) => send<TransferView>('GET', path`/api/labs/${id}/transfer`),
    answerTransfer: (id: string, answer: TransferBody) =>
      send<TransferView>('POST', path`/api/labs/${id}/transfer`, answer),
    evidence: () => send<LearningEvidence>('GET', '/api/progress'),
    after: (id: string) => send<AfterView>('GET', path`/api/labs/${id}/after`),
  }
}

function runCalls(send: SendRequest) {
  return {
    run: (run: RunBody) => send<RunView>('POST', '/api/runs', run),
    runs: () => send<RunSummary[]>('GET', '/api/runs'),
    runView: (id: string) => send<RunView>('GET', path`/api/runs/${id}`),
    journal: (id: string) => send<SandboxEvent[]>('GET', path`/api/runs/${id}/journal`),
    abort: (id: string) => send<void>('DELETE', path`/api/runs/${id}`),
  }
}

function flowCalls(send: SendRequest) {
  return {
    flows: (run: string) => send<FlowList>('GET', path`/api/runs/${run}/flows`),
    flow: (run: string, id: string) =>
      send<FlowRecord | FlowComparison>('GET', path`/api/runs/${run}/flows/${id}`),
    /** Outside of a run: as far as the links have seen it. */
    liveFlow: (id: string) => send<FlowRecord>('GET', path`/api/flows/${id}`),
  }
}

function xrayCalls(send: SendRequest) {
  return {
    xrays: () => send<XrayList>('GET', '/api/xrays'),
    xray: (id: string) => send<XrayView>('GET', path`/api/xrays/${id}`),
    /** `cell` is `STEP/COLUMN`. */
    xrayCell: (id: string, cell: string) => {
      const [step = '', column = ''] = cell.split('/')
      return send<Cell>('GET', path`/api/xrays/${id}/cells/${step}/${column}`)
    },
    /** The finished matrix, with the histories of its cells. */
    xrayMatrix: (id: string) => send<Matrix>('GET', path`/api/xrays/${id}/files/xray.json`),
    startXray: (xray: XrayBody) => send<XraySummary>('POST', '/api/xrays', xray),
    stopXray: (id: string) => send<void>('DELETE', path`/api/xrays/${id}`),
  }
}

function workshopCalls(send: SendRequest) {
  return {
    workshop: () => send<MembershipView>('GET', '/api/workshop'),
    joinWorkshop: (request: JoinRequest) =>
      send<MembershipView>('POST', '/api/workshop/join', request),
    leaveWorkshop: () => send<MembershipView>('POST', '/api/workshop/leave'),
    askForHelp: (request: HelpRequest) =>
      send<MembershipView>('POST', '/api/workshop/help', request),
    shareLab: (lab: string) => send<MembershipView>('POST', '/api/workshop/share', { lab }),
  }
}

/** A path whose values are escaped. */
function path(texts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: texts }, ...values.map(encodeURIComponent))
}
