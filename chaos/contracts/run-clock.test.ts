import { expect, test } from 'vitest'

import type { EventPayload, SandboxEvent } from './events.ts'
import type { ActiveFault } from './fault.ts'
import { clockOfRun, formatRunTime, zeroOfRun } from './run-clock.ts'

const wallMs = Date.parse('2026-01-05T10:00:00.000Z')

/** An event at this time stamp of the journal. The controller started at 10:00:00. */
function event(ms: number, payload: EventPayload): SandboxEvent {
  return { seq: ms, at: new Date(wallMs + ms).toISOString(), ms, ...payload }
}

const fault: ActiveFault = {
  id: 'deploy-1',
  kind: 'deploy',
  targets: ['api-1'],
  params: {},
  mechanism: 'SIGTERM',
  by: 'scenario',
  since: new Date(wallMs + 5_000).toISOString(),
  until: new Date(wallMs + 60_000).toISOString(),
  leaseMs: 55_000,
}
const start = event(2_000.25, {
  type: 'phase',
  phase: 'steady-state',
  what: 'began',
  zeroMs: 2_000,
})
const operation = (startMs: number, endMs: number): EventPayload => ({
  type: 'operation',
  operation: { id: 1, kind: 'write', outcome: 'ok', startMs, endMs, attempts: [], tags: [] },
})

test('a run has its zero from the start of its first steady state', () => {
  const ofVariants = event(9_000, {
    type: 'phase',
    phase: 'steady-state',
    what: 'began',
    zeroMs: 1,
  })
  expect(zeroOfRun([event(1_000, operation(0, 10)), start, ofVariants])).toBe(2_000)
})

test('the zero of an older run follows from its operations', () => {
  const events = [event(2_050, operation(20, 50)), event(2_090.5, operation(10, 90))]
  expect(zeroOfRun(events)).toBe(2_000)
  expect(zeroOfRun([event(1, { type: 'note', level: 'info', text: '' })])).toBeUndefined()
})

test('a time stamp of the journal and one of the wall clock are the same moment', () => {
  const clock = clockOfRun([start])
  const at = new Date(wallMs + 4_500).toISOString()
  expect(clock?.msOf(4_500)).toBe(2_500)
  // The stamps of the wall clock have whole milliseconds.
  expect(Math.abs((clock?.msOfWall(at) ?? 0) - 2_500)).toBeLessThan(1)
  expect(clock?.msOf(1_500)).toBe(-500)
})

test('a fault begins with its injection, not with its event', () => {
  const clock = clockOfRun([start])
  const injected = event(8_000, { type: 'fault', what: 'injected', fault })
  const healed = event(9_000, { type: 'fault', what: 'healed', fault })
  expect(clock?.msOfEvent(injected)).toBe(3_000)
  expect(clock?.msOfEvent(healed)).toBe(7_000)
})

test('a fault whose wall clock has changed begins with its event', () => {
  const later = { ...fault, since: new Date(wallMs + 99_000).toISOString() }
  const injected = event(8_000, { type: 'fault', what: 'injected', fault: later })
  expect(clockOfRun([start])?.msOfEvent(injected)).toBe(6_000)
})

test('times have milliseconds, and a sign before zero', () => {
  expect([2_504.4, 0, -0.04, -1_234].map(formatRunTime)).toEqual([
    '2.504 s',
    '0.000 s',
    '0.000 s',
    '−1.234 s',
  ])
})
