import type { FaultEvent, OperationEvent, SandboxEvent } from '#chaos/contracts/events.ts'
import type { Attempt, Operation } from '#chaos/contracts/history.ts'
import type { TrapEvent } from '#chaos/contracts/links.ts'

import type { SentSpan } from './span-sender.ts'
import type { TraceIds } from './trace-ids.ts'
import { createTraceRoots } from './trace-roots.ts'

export interface SpansOfEvents {
  /** The spans that are complete with this event. */
  read(event: SandboxEvent): readonly SentSpan[]
}

type Stamped<Event> = SandboxEvent & Event

interface KnownFault {
  readonly sinceMs: number
  readonly attributes: Record<string, string | number | boolean>
  endMs?: number
}

/** Operations last for seconds: a fault that ended before has nothing to do with them. */
const remembersForMs = 60_000

/**
 * Spans of the sandbox: each fault while it lasts, and what clients sent. A trap that sprang on a message of an order is a part
 * of the order's trace, and an operation has an event for each fault that was active meanwhile.
 */
export function createSpansOfEvents(ids: TraceIds): SpansOfEvents {
  const faults = new Map<string, KnownFault>()
  let roots = createTraceRoots(ids)

  function ofFault(event: Stamped<FaultEvent>): readonly SentSpan[] {
    const { fault, what } = event
    const atMs = Date.parse(event.at)
    if (what === 'injected') {
      for (const [id, { endMs = atMs }] of faults)
        if (endMs < atMs - remembersForMs) faults.delete(id)
      faults.set(fault.id, { sinceMs: atMs, attributes: attributesOf(event) })
      return []
    }
    const known = faults.get(fault.id)
    if (what === 'failed' || known === undefined) return []
    known.endMs = atMs
    const reason = event.reason ?? 'asked'
    return [
      {
        name: `fault ${fault.kind}`,
        kind: 'internal',
        startMs: known.sinceMs,
        endMs: atMs,
        attributes: { ...known.attributes, 'unhappy.fault.ended_by': reason },
        events: [
          { name: 'injected', atMs: known.sinceMs, attributes: {} },
          { name: 'healed', atMs, attributes: { reason } },
        ],
      },
    ]
  }

  return {
    read(event) {
      if (event.type === 'run' && event.what === 'started') {
        ids.renew()
        roots = createTraceRoots(ids)
      }
      if (event.type === 'fault') return ofFault(event)
      if (event.type === 'trap') {
        const { transaction, what } = event
        if (what !== 'sprung' || transaction === undefined) return []
        return roots.place(transaction, spanOfTrap(event))
      }
      if (event.type !== 'operation' || event.operation.key === undefined) return []
      const { key, id } = event.operation
      const spans = spansOfOperation(event, key, ids, [...faults.values()])
      return [...spans, ...roots.add(key, ids.operationSpanId({ key, operation: id }))]
    },
  }
}

function spanOfTrap(event: Stamped<TrapEvent>): SentSpan {
  const { exchange = '', link = '', phase = 'after' } = event
  const atMs = Date.parse(event.at)
  const attributes = {
    'unhappy.trap.exchange': exchange,
    'unhappy.link': link,
    'unhappy.trap.phase': phase,
  }
  return {
    name: `trap ${phase} ${exchange}`,
    kind: 'internal',
    startMs: atMs,
    endMs: atMs,
    attributes,
    events: [{ name: 'fault', atMs, attributes }],
  }
}

function spansOfOperation(
  { at, operation }: Stamped<OperationEvent>,
  key: string,
  ids: TraceIds,
  faults: readonly KnownFault[],
): readonly SentSpan[] {
  const { id } = operation
  // The times of a history count from the start of its workload.
  const zeroMs = Date.parse(at) - operation.endMs
  const [startMs, endMs] = [zeroMs + operation.startMs, zeroMs + operation.endMs]
  const during = faults.filter(
    (fault) => fault.sinceMs <= endMs && (fault.endMs ?? endMs) >= startMs,
  )
  const traceId = ids.traceId(key)
  const spanId = ids.operationSpanId({ key, operation: id })
  return [
    {
      name: operation.kind,
      kind: 'internal',
      startMs,
      endMs,
      attributes: attributesOfOperation(operation, key),
      place: { traceId, spanId },
      events: during.map(({ sinceMs, attributes }) => ({
        name: 'fault',
        atMs: Math.max(startMs, sinceMs),
        attributes,
      })),
      ...(operation.outcome === 'ok' ? {} : { error: operation.outcome }),
    },
    ...operation.attempts.map((attempt, index): SentSpan => ({
      ...spanOfAttempt(attempt, index + 1),
      startMs: zeroMs + attempt.startMs,
      endMs: zeroMs + attempt.endMs,
      place: {
        traceId,
        parentSpanId: spanId,
        spanId: ids.attemptSpanId({ key, operation: id, attempt: index + 1 }),
      },
    })),
  ]
}

function attributesOf({ fault, run }: Stamped<FaultEvent>) {
  const params = Object.entries(fault.params).map(([name, value]): [string, string] => [
    `unhappy.fault.params.${name}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return {
    'unhappy.fault.id': fault.id,
    'unhappy.fault.kind': fault.kind,
    'unhappy.fault.targets': fault.targets.join(' '),
    'unhappy.fault.mechanism': fault.mechanism,
    'unhappy.fault.by': fault.by,
    ...(run === undefined ? {} : { 'unhappy.run': run }),
    ...Object.fromEntries(params),
  }
}

function attributesOfOperation({ kind, outcome, attempts, tags }: Operation, key: string) {
  return {
    'unhappy.operation.kind': kind,
    'unhappy.operation.outcome': outcome,
    'unhappy.operation.attempts': attempts.length,
    'unhappy.key': key,
    ...(tags.length === 0 ? {} : { 'unhappy.operation.tags': tags.join(' ') }),
  }
}

function spanOfAttempt(attempt: Attempt, number: number) {
  const { instance, status, error, code } = attempt
  const failed = error ?? (status !== undefined && status >= 400 ? String(status) : undefined)
  return {
    name: `attempt ${number}`,
    kind: 'client' as const,
    attributes: {
      'server.address': instance,
      ...(number === 1 ? {} : { 'http.request.resend_count': number - 1 }),
      ...(status === undefined ? {} : { 'http.response.status_code': status }),
      ...(code === undefined ? {} : { 'unhappy.code': code }),
    },
    ...(failed === undefined ? {} : { error: failed }),
  }
}
