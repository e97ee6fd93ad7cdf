import { expect, test } from 'vitest'

import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { createRunClock } from '#chaos/contracts/run-clock.ts'

import { crashFlow, happyFlow } from './flow-diagram/testing/flow-fixtures.ts'
import { flowPlace, flowPositions, stateAt } from './state-at.ts'

const epochMs = Date.parse('2030-01-01T00:00:00.000Z')
const at = (ms: number): string => new Date(epochMs + ms).toISOString()

const fault = (id: string, targets: readonly string[], sinceMs: number): ActiveFault => ({
  id,
  kind: 'latency',
  targets,
  params: { latencyMs: 300 },
  mechanism: 'toxic',
  by: 'scenario',
  since: at(sinceMs),
  until: at(sinceMs + 60_000),
  leaseMs: 60_000,
})

const events: readonly SandboxEvent[] = (
  [
    [900, { type: 'instance', instance: 'api-1', state: 'ready', by: 'itself' }],
    // Its injection takes 500 ms.
    [2_500, { type: 'fault', what: 'injected', fault: fault('f1', ['api-1:redis'], 2_000) }],
    [3_000, { type: 'instance', instance: 'api-1', state: 'exited', by: 'scenario' }],
    [3_200, { type: 'link', link: 'api-2:postgres', what: 'down' }],
    [3_500, { type: 'instance', instance: 'api-1', state: 'starting', by: 'supervisor' }],
    [4_000, { type: 'fault', what: 'healed', fault: fault('f1', ['api-1:redis'], 2_000) }],
    [4_200, { type: 'link', link: 'api-2:postgres', what: 'up' }],
    [4_500, { type: 'instance', instance: 'api-1', state: 'ready', by: 'itself' }],
  ] as const satisfies readonly (readonly [number, EventPayload])[]
).map(([ms, payload], i) => ({ seq: i + 1, at: at(ms), ms, ...payload }))

const clock = createRunClock(1_000, events[0]!)
const state = (ms: number) => stateAt(events, ms, clock)

test('an instance has the state of its last event, and none before its first', () => {
  expect(state(-500).instances.get('api-1')).toBeUndefined()
  const states = [0, 2_000, 2_499, 2_500, 3_500].map((ms) => state(ms).instances.get('api-1'))
  expect(states).toEqual(['ready', 'exited', 'exited', 'starting', 'ready'])
})

test('a fault acts from the beginning of its injection until it is healed', () => {
  const active = [999, 1_000, 2_999, 3_000].map((ms) => state(ms).faults.map(({ id }) => id))
  expect(active).toEqual([[], ['f1'], ['f1'], []])
})

test('a link shows its fault, and that it is down', () => {
  expect(state(1_000).links).toEqual(new Map([['api-1:redis', { label: 'latency 300 ms' }]]))
  expect(state(2_200).links.get('api-2:postgres')).toEqual({ look: 'cut', label: 'down' })
  expect(state(3_200).links.size).toBe(0)
})

test('going back gives the state of that moment, whatever was asked before', () => {
  const before = state(1_500)
  state(9_000)
  expect(state(1_500)).toEqual(before)
})

test('a message moves from its sender to its receiver', () => {
  const flow = happyFlow(0)
  const [first] = flow.messages
  const [position] = flowPositions(flow, first!.arrivedMs! / 4)
  expect(position).toMatchObject({ share: 0.25, isLost: false })
  expect(position!.message).toBe(first)
  expect(flowPositions(flow, -1)).toEqual([])
  expect(flowPositions(flow, flow.toMs + 1)).toEqual([])
})

test('between two messages a flow is where the last one arrived', () => {
  const flow = happyFlow(0)
  expect(flowPlace(flow, -1)).toBeNull()
  expect(flowPlace(flow, flow.messages[0]!.arrivedMs!)).toBe('api-1')
  expect(flowPlace(flow, flow.toMs)).toBe('worker-1')
})

test('a lost message stays in the middle of its link', () => {
  const flow = crashFlow()
  const lost = flow.messages.find(({ arrivedMs }) => arrivedMs === undefined)!
  const shown = (ms: number) => flowPositions(flow, ms).filter(({ isLost }) => isLost)
  expect(shown(lost.sentMs)).toEqual([{ message: lost, share: 0.5, isLost: true }])
  expect(shown(lost.sentMs + 2_000)).toEqual([])
})
