import type { ClientStart, Flow, FlowRequest } from '#chaos/contracts/system/flow.ts'
import { entriesOf, type Topology } from '#chaos/contracts/topology.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { derivedFlow, type DerivedFlow } from '../derived-flow.ts'
import {
  type FlowFile,
  type OutcomeFile,
  type RequestFile,
  rowsMaxDefault,
  settleDefaultMs,
  timeoutDefaultMs,
} from './flow-schema.ts'
import { statementsOf } from './parse-flow-file.ts'

/** How a file's flow runs in a system. */
export interface FlowPlace {
  readonly topology: Topology
  /** The client sends each request this often. Absent: once. */
  readonly attempts?: number
  /** Plays the client instead of the requests of the file. */
  readonly call?: ClientStart['call']
}

/** The flow that a file describes. Throws {@link InputError} when the system has no such service. */
export function flowOfFile(file: FlowFile, place: FlowPlace): Flow {
  const { topology, attempts, call } = place
  requireEntry(file.to, topology)
  const parts: DerivedFlow = {
    description: file.description ?? `${file.requests[0]?.send ?? 'A request'}.`,
    start: {
      requests: (key) => file.requests.map((request) => requestOf(request, file, key)),
      timeoutMs: file.timeout === undefined ? timeoutDefaultMs : parseDuration(file.timeout),
      ...(file.to === undefined ? {} : { to: file.to }),
      ...(attempts === undefined ? {} : { attempts }),
      ...(call === undefined ? {} : { call }),
    },
    topology,
    settleMs: file.settle === undefined ? settleDefaultMs : parseDuration(file.settle),
    ...(file.retry === undefined ? {} : { retry: file.retry }),
    stores: {
      rowsMax: file.rowsMax ?? rowsMaxDefault,
      services: file.services ?? [],
      statements: statementsOf(file),
      ...(file.tables === undefined ? {} : { tables: file.tables }),
      ...(file.where === undefined ? {} : { where: file.where }),
    },
    corrections: file,
  }
  return derivedFlow(parts)
}

function requireEntry(to: string | undefined, topology: Topology): void {
  const entries = entriesOf(topology)
  if (to === undefined || entries.some(({ name, service }) => name === to || service === to)) return
  const known = [...new Set(entries.map(({ service }) => service))].join(', ')
  throw new InputError(`to: ${to} is not a service that receives requests from outside.`, {
    remedy: `Use one of: ${known || 'none has a published port'}. If it is in your own system, adopt that first: unhappy adopt`,
  })
}

function requestOf({ send, body, headers }: RequestFile, file: FlowFile, id: string): FlowRequest {
  const [method = 'GET', path = '/'] = send.split(' ')
  return {
    method: method as FlowRequest['method'],
    path: path.replaceAll('{{id}}', encodeURIComponent(id)),
    ...(body === undefined ? {} : { body: withId(body, id) }),
    ...(headers === undefined ? {} : { headers: withId(headers, id) as Record<string, string> }),
    outcomeOf: (status, response) => outcomeOf(file, status, response),
  }
}

/** The value with the id in all of its texts. */
function withId(value: unknown, id: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{{id}}', id)
  if (Array.isArray(value)) return value.map((one) => withId(one, id))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withId(one, id)]))
}

function outcomeOf(
  { success, refusal }: Pick<FlowFile, 'success' | 'refusal'>,
  status: number,
  body: unknown,
): 'ok' | 'fail' | 'unknown' {
  const isSuccess = status >= 200 && status < 300
  if (success === undefined ? isSuccess : matches(success, status, body, isSuccess)) return 'ok'
  if (refusal !== undefined) return matches(refusal, status, body, true) ? 'fail' : 'unknown'
  const { definite } = (body ?? {}) as { readonly definite?: unknown }
  return definite === true || (status < 500 && definite !== false) ? 'fail' : 'unknown'
}

/** `otherwise`: whether the status is right when the condition names none. */
function matches(
  { status, json = {} }: OutcomeFile,
  actual: number,
  body: unknown,
  otherwise: boolean,
): boolean {
  if (!(status?.includes(actual) ?? otherwise)) return false
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>
  return Object.entries(json).every(([name, value]) => fields[name] === value)
}
