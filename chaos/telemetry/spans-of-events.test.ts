import { expect, test } from 'vitest'

import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { Operation } from '#chaos/contracts/history.ts'

import { createSpansOfEvents } from './spans-of-events.ts'
import { createTraceIds } from './trace-ids.ts'

const startMs = Date.parse('2026-01-02T03:04:05.000Z')
const at = (ms: number, payload: EventPayload): SandboxEvent => ({
  seq: 1,
  at: new Date(startMs + ms).toISOString(),
  ms,
  ...payload,
})
const latency: ActiveFault = {
  id: 'latency-1',
  kind: 'latency',
  targets: ['api-1:postgres', 'api-2:postgres'],
  params: { latencyMs: 400 },
  mechanism: 'toxic',
  by: 'user',
  since: '',
  until: '',
  leaseMs: 60_000,
}
const operation: Operation = {
  id: 7,
  kind: 'order',
  key: 'o-7f-17',
  outcome: 'ok',
  startMs: 100,
  endMs: 900,
  attempts: [
    { instance: 'api-1', startMs: 100, endMs: 500, error: 'timeout' },
    { instance: 'api-2', startMs: 600, endMs: 900, status: 201 },
  ],
  tags: [],
}
const ids = createTraceIds(() => 'salt')

test('a fault is a span from its injection to its end', () => {
  const spans = createSpansOfEvents(ids)
  expect(spans.read(at(0, { type: 'fault', what: 'injected', fault: latency }))).toEqual([])
  const healed = { type: 'fault', what: 'healed', fault: latency, reason: 'lease' } as const
  expect(spans.read(at(3_000, healed))).toEqual([
    {
      name: 'fault latency',
      kind: 'internal',
      startMs,
      endMs: startMs + 3_000,
      attributes: {
        'unhappy.fault.id': 'latency-1',
        'unhappy.fault.kind': 'latency',
        'unhappy.fault.targets': 'api-1:postgres api-2:postgres',
        'unhappy.fault.mechanism': 'toxic',
        'unhappy.fault.by': 'user',
        'unhappy.fault.params.latencyMs': '400',
        'unhappy.fault.ended_by': 'lease',
      },
      events: [
        { name: 'injected', atMs: startMs, attributes: {} },
        { name: 'healed', atMs: startMs + 3_000, attributes: { reason: 'lease' } },
      ],
    },
  ])
})

test('the attempts of a client are below its operation, with the ids that the requests named', () => {
  const spans = createSpansOfEvents(ids)
  const [root, first, second] = spans.read(at(900, { type: 'operation', operation }))
  expect(root).toMatchObject({ name: 'order', startMs: startMs + 100, endMs: startMs + 900 })
  expect(first).toMatchObject({ name: 'attempt 1', error: 'timeout', startMs: startMs + 100 })
  expect(second).toMatchObject({
    name: 'attempt 2',
    attributes: { 'http.response.status_code': 201, 'http.request.resend_count': 1 },
  })
  const { traceId, spanId } = second?.place ?? {}
  expect(second?.place?.parentSpanId).toBe(root?.place?.spanId)
  expect(ids.traceparent({ key: 'o-7f-17', operation: 7, attempt: 2 })).toBe(
    `00-${traceId}-${spanId}-01`,
  )
})

test('an operation has an event for a fault that was active meanwhile, and none for another one', () => {
  const spans = createSpansOfEvents(ids)
  const other = { ...latency, id: 'latency-0', kind: 'reset' }
  spans.read(at(-500, { type: 'fault', what: 'injected', fault: other }))
  spans.read(at(-400, { type: 'fault', what: 'healed', fault: other }))
  spans.read(at(300, { type: 'fault', what: 'injected', fault: latency }))
  const [root] = spans.read(at(900, { type: 'operation', operation }))
  expect(root?.events).toMatchObject([
    { name: 'fault', atMs: startMs + 300, attributes: { 'unhappy.fault.kind': 'latency' } },
  ])
})

test.each(['before', 'after'])('a trap that sprang %s the client ended is in its trace', (when) => {
  const spans = createSpansOfEvents(ids)
  const trap = {
    type: 'trap',
    id: 'trap-1',
    what: 'sprung',
    link: 'api-1:postgres',
    exchange: 'COMMIT',
    phase: 'after',
    transaction: 'o-7f-17',
  } as const
  const events = [at(400, trap), at(900, { type: 'operation', operation })]
  const all = (when === 'before' ? events : events.toReversed()).flatMap((event) => [
    ...spans.read(event),
  ])
  const sprung = all.find(({ name }) => name === 'trap after COMMIT')
  const root = all.find(({ name }) => name === 'order')
  expect(sprung?.place).toEqual({
    traceId: root?.place?.traceId,
    parentSpanId: root?.place?.spanId,
  })
})

test('the same key in another sandbox is another trace', () => {
  expect(createTraceIds(() => 'other').traceId('o-7f-17')).not.toBe(ids.traceId('o-7f-17'))
})

test('the same key in the next run is another trace', () => {
  let salts = 0
  const renewed = createTraceIds(() => String((salts += 1)))
  const spans = createSpansOfEvents(renewed)
  const traceId = () => spans.read(at(900, { type: 'operation', operation }))[0]?.place?.traceId
  const first = traceId()
  spans.read(at(1_000, { type: 'run', what: 'started', title: 'again', seed: 1 }))
  const second = traceId()
  expect(second).not.toBe(first)
  expect(second).toBe(renewed.traceId('o-7f-17'))
})
