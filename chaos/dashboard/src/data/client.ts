import type {
  ApiError,
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
  TapBody,
  TrafficRates,
  XrayList,
  XrayBody,
  XraySummary,
} from '../../../contracts/api.ts'
import type { SandboxEvent } from '../../../contracts/events.ts'
import type { ActiveFault } from '../../../contracts/fault.ts'
import type { XrayView } from '../../../xray/live/xray-view.ts'
import type { Cell } from '../../../xray/matrix.ts'

const token = document.querySelector<HTMLMetaElement>('meta[name="unhappy-token"]')?.content ?? ''

/** What the controller answered when it said no: its message and what to do. */
export class RequestError extends Error {
  readonly remedy: string | undefined
  readonly status: number

  constructor(error: ApiError) {
    super(error.error)
    this.remedy = error.remedy
    this.status = error.status
  }
}

/** The controller's API, one function a route; the types are the server's own. */
export const api = {
  sandbox: () => request<SandboxView>('GET', 'sandbox'),
  catalogue: () => request<CatalogueView>('GET', 'catalogue'),
  inject: (fault: FaultBody) => request<ActiveFault>('POST', 'faults', fault),
  heal: (id: string) => request<void>('DELETE', `faults/${encodeURIComponent(id)}`),
  healAll: () => request<HealReport>('DELETE', 'faults'),
  halt: () => request<HealReport>('POST', 'halt', {}),
  lift: () => request<void>('DELETE', 'halt'),
  sendTraffic: (rates: TrafficRates) => request<TrafficRates>('PUT', 'traffic', rates),
  stopTraffic: () => request<void>('DELETE', 'traffic'),
  tap: (order: TapBody) => request<{ id: string }>('POST', 'taps', order),
  untap: (id: string) => request<void>('DELETE', `taps/${id}`),
  labs: () => request<LabSummary[]>('GET', 'labs'),
  lab: (id: string) => request<LabView>('GET', `labs/${id}`),
  startLab: (id: string) => request<LabView>('POST', `labs/${id}/start`, {}),
  resetLab: (id: string) => request<LabView>('POST', `labs/${id}/reset`, {}),
  predict: (id: string, prediction: PredictionBody) =>
    request<LabView>('POST', `labs/${id}/prediction`, prediction),
  explain: (id: string, text: string) =>
    request<LabView>('POST', `labs/${id}/explanation`, { text }),
  hint: (id: string) => request<LabView>('POST', `labs/${id}/hint`, {}),
  checkLab: (id: string, version?: string) =>
    request<RunView>('POST', `labs/${id}/check`, version === undefined ? {} : { version }),
  solution: (id: string) => request<SolutionView>('GET', `labs/${id}/solution`),
  run: (order: RunBody) => request<RunView>('POST', 'runs', order),
  runs: () => request<RunSummary[]>('GET', 'runs'),
  runView: (id: string) => request<RunView>('GET', `runs/${id}`),
  journal: (id: string) => request<SandboxEvent[]>('GET', `runs/${id}/journal`),
  xrays: () => request<XrayList>('GET', 'xrays'),
  xray: (id: string) => request<XrayView>('GET', `xrays/${id}`),
  xrayCell: (id: string, cell: string) => request<Cell>('GET', `xrays/${id}/cells/${cell}`),
  startXray: (order: XrayBody) => request<XraySummary>('POST', 'xrays', order),
  stopXray: (id: string) => request<void>('DELETE', `xrays/${id}`),
  restore: () => request<void>('POST', 'sandbox/restore', {}),
  abort: (id: string) => request<void>('DELETE', `runs/${id}`),
}

export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetchOrSay(`/api/${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const value: unknown = text === '' ? undefined : parse(text)
  if (!response.ok) throw new RequestError(errorOf(value, response.status))
  return value as T
}

/** A browser only says "Failed to fetch". */
async function fetchOrSay(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch {
    throw new RequestError({ error: 'The controller does not answer.', status: 0 })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorOf(value: unknown, status: number): ApiError {
  if (typeof value === 'object' && value !== null && 'error' in value) return value as ApiError
  return { error: `The controller answered ${status}.`, status }
}
