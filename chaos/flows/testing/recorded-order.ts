import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import { createRunClock } from '#chaos/contracts/run-clock.ts'
import type { FlowFacts } from '#chaos/contracts/system/flow-view.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { RecordedRun } from '../recorded-run.ts'

/** The journal counts from here: 0 of the run. */
const zeroMs = 1_000
/** The links' clock shows this at 0 of the run. */
const linksZeroMs = 50_000
const startedAt = Date.parse('2030-01-01T00:00:00.000Z')

const instance = (name: string, service: string) => ({ name, service, main: '', portOffset: 1 })
const link = (name: string, protocol: 'http' | 'postgres') => {
  const [caller = '', callee = ''] = name.split(':')
  return { name, caller, callee, protocol, portOffset: 1 }
}

const topology: Topology = {
  instances: [instance('web-1', 'web'), instance('web-2', 'web'), instance('bank', 'bank')],
  stores: [{ name: 'postgres', portOffset: 1 }],
  links: [
    link('client:web-1', 'http'),
    link('client:web-2', 'http'),
    link('web-1:postgres', 'postgres'),
    link('web-2:postgres', 'postgres'),
    link('web-1:bank', 'http'),
  ],
}

export function eventAt(runMs: number, payload: EventPayload): SandboxEvent {
  const at = new Date(startedAt + runMs).toISOString()
  return { seq: runMs, at, ms: runMs + zeroMs, ...payload }
}

export function faultOn(targets: readonly string[], sinceMs: number): ActiveFault {
  return {
    id: 'fault-1',
    kind: 'latency',
    targets,
    params: { latencyMs: 40 },
    mechanism: 'toxic',
    by: 'scenario',
    since: new Date(startedAt + sinceMs).toISOString(),
    until: new Date(startedAt + sinceMs + 1_000).toISOString(),
    leaseMs: 1_000,
  }
}

/** A request and its reply. Times are those of the run. */
export interface Exchanged {
  readonly link: string
  readonly key: string
  readonly signature: string
  readonly status?: string
  readonly sentMs: number
  /** Absent: the request never left the link. */
  readonly arrivedMs?: number
  readonly replySentMs?: number
  readonly replyArrivedMs?: number
  /** The connection ended: no reply came to the link. */
  readonly endedMs?: number
  readonly connection?: number
}

let exchangeCount = 0

export function exchanged(given: Exchanged): readonly ExchangeEvent[] {
  const { link: name, key, signature, status = 'OK', connection = 1 } = given
  const ms = (runMs: number): number => runMs + linksZeroMs
  const base = {
    type: 'exchange' as const,
    link: name,
    connection,
    exchange: (exchangeCount += 1),
    signature,
    transaction: key,
    bytes: 10,
  }
  const { sentMs, arrivedMs, replySentMs, replyArrivedMs, endedMs } = given
  const delivered = (runMs: number | undefined) =>
    runMs === undefined
      ? { lost: true as const, why: 'the connection ended' }
      : { deliveredMs: ms(runMs) }
  const request: ExchangeEvent = {
    ...base,
    part: 'request',
    atMs: ms(sentMs),
    sentMs: ms(sentMs),
    ...delivered(arrivedMs),
  }
  if (endedMs !== undefined)
    return [
      request,
      { ...base, part: 'reply', atMs: ms(endedMs), lost: true, why: 'the connection ended' },
    ]
  if (replySentMs === undefined) return [request]
  const reply: ExchangeEvent = {
    ...base,
    part: 'reply',
    status,
    atMs: ms(replySentMs),
    sentMs: ms(replySentMs),
    ...delivered(replyArrivedMs),
  }
  return [request, reply]
}

/** The four messages of an order that no fault hits. */
export function regularOrder(key: string, fromMs: number): readonly ExchangeEvent[] {
  const at = (ms: number): number => fromMs + ms
  return [
    ...exchanged({
      link: 'client:web-1',
      key,
      signature: 'POST /orders',
      status: '201',
      sentMs: at(0),
      arrivedMs: at(0),
      replySentMs: at(9),
      replyArrivedMs: at(9),
    }),
    ...exchanged({
      link: 'web-1:postgres',
      key,
      signature: 'COMMIT',
      status: 'COMMIT',
      sentMs: at(3),
      arrivedMs: at(3),
      replySentMs: at(6),
      replyArrivedMs: at(6),
    }),
  ].toSorted((a, b) => a.atMs - b.atMs)
}

export function operationOf(key: string, more: Partial<Operation> = {}): Operation {
  const { startMs = 0, endMs = 10 } = more
  return {
    id: 1,
    kind: 'order',
    key,
    outcome: 'ok',
    startMs,
    endMs,
    attempts: [{ instance: 'web-1', startMs, endMs, status: 201 }],
    answer: 'placed',
    tags: [],
    ...more,
  }
}

export function factsOf(id: string, more: Partial<FlowFacts> = {}): FlowFacts {
  return {
    id,
    title: `order ${id}`,
    names: [`${id}.x1`],
    likeness: 'order',
    result: 'paid',
    isRegular: true,
    holdings: [],
    ...more,
  }
}

export interface RunOfTest {
  readonly messages: readonly ExchangeEvent[]
  readonly operations?: readonly Operation[]
  readonly events?: readonly SandboxEvent[]
  readonly facts?: readonly FlowFacts[]
  readonly offenders?: readonly string[]
  /** When the recording was full, on the clock of the run. */
  readonly fullMs?: number
}

export function recordedRun(given: RunOfTest): RecordedRun {
  const { messages, operations = [], events = [], facts = [], offenders = [], fullMs } = given
  const first = eventAt(-500, { type: 'note', level: 'info', text: 'begins' })
  return {
    topology,
    clock: createRunClock(zeroMs, first),
    events: [first, ...events],
    operations,
    recording: {
      head: {
        type: 'recording',
        linksMs: linksZeroMs - 300,
        journalMs: zeroMs - 300,
        missed: fullMs === undefined ? 0 : 7,
        ...(fullMs === undefined ? {} : { fullMs: fullMs + linksZeroMs }),
      },
      messages,
    },
    facts,
    offenders: new Set(offenders),
  }
}
