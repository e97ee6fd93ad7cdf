import { expect, test } from 'vitest'

import type { SandboxView } from '../../../contracts/api.ts'
import type { SandboxEvent } from '../../../contracts/events.ts'
import type { ActiveFault } from '../../../contracts/fault.ts'
import type { ToxicStatus } from '../../../contracts/links.ts'
import { createStageRecorder, rewindMs } from './recorder.ts'
import { firstMsOf, stageAt } from './stage-at.ts'
import { withHiddenFaults } from './stage.ts'

const fault = (id: string): ActiveFault => ({
  id,
  kind: 'latency',
  targets: ['a:b'],
  params: { latencyMs: 400 },
  mechanism: 'toxic',
  toxics: [id],
  by: 'user',
  since: '2026-01-01T00:00:00.000Z',
  until: '2026-01-01T00:01:00.000Z',
  leaseMs: 60_000,
})

const toxic = (name: string): ToxicStatus => ({
  name,
  type: 'latency',
  stream: 'downstream',
  toxicity: 1,
  attributes: {},
  look: 'slow',
  label: '+400 ms',
})

const view = (faults: readonly ActiveFault[]): SandboxView =>
  ({
    instances: [
      { name: 'a', kind: 'service', state: 'ready', restarts: 0 },
      { name: 'b', kind: 'store', state: 'ready', restarts: 0 },
    ],
    links: [{ name: 'a:b', enabled: true, toxics: faults.map(({ id }) => toxic(id)) }],
    faults,
    traffic: { readsPerSecond: 1 },
    run: null,
  }) as unknown as SandboxView

const event = (ms: number, payload: object): SandboxEvent =>
  ({ seq: ms, at: '', ms, ...payload }) as unknown as SandboxEvent

/** Snapshots at 1, 3 and 5 s; a fault from 1.5 to 4 s; `a` is killed at 3.5 s. */
function recorded() {
  const recorder = createStageRecorder()
  recorder.addSnapshot(1_000, view([]), true)
  recorder.addEvent(event(1_500, { type: 'fault', what: 'injected', fault: fault('f1') }))
  recorder.addSnapshot(3_000, view([fault('f1')]), true)
  recorder.addEvent(event(3_500, { type: 'instance', instance: 'a', state: 'exited', by: 'user' }))
  recorder.addEvent(event(4_000, { type: 'fault', what: 'healed', fault: fault('f1') }))
  recorder.addSnapshot(5_000, view([]), true)
  for (const ms of [900, 2_000, 4_500])
    recorder.addEvent(
      event(ms, {
        type: 'operation',
        operation: { kind: 'read', outcome: 'ok', startMs: 0, endMs: 9 },
      }),
    )
  return recorder
}

test.each([
  [1_400, 'plain', null],
  [1_600, 'slow', '+400 ms'],
  [3_900, 'slow', '+400 ms'],
  [4_100, 'plain', null],
])('at %d ms the link looks %s', (ms, look, label) => {
  expect(stageAt(recorded(), ms).links.get('a:b')).toEqual({ look, label })
})

test('a box has a word only while its process is not ready', () => {
  expect(stageAt(recorded(), 3_400).boxes).toEqual(new Map())
  expect(stageAt(recorded(), 3_600).boxes.get('a')).toMatchObject({ look: 'dead' })
  expect(stageAt(recorded(), 5_000).boxes).toEqual(new Map())
})

test('a past moment ends there: no later event changes it', () => {
  const stage = stageAt(recorded(), 2_500)
  expect(stage.samples.map(({ ms }) => ms)).toEqual([900, 2_000])
  expect(stage.bands).toEqual([{ id: 'f1', label: 'latency 400 ms', fromMs: 1_500, toMs: null }])
  expect(stageAt(recorded(), 4_200).bands).toMatchObject([{ fromMs: 1_500, toMs: 4_000 }])
})

test('before the first view nothing is known, and while the connection is lost the states are unknown', () => {
  expect(stageAt(createStageRecorder(), 900)).toMatchObject({
    connection: 'waiting',
    links: new Map(),
  })
  const recorder = recorded()
  recorder.addSnapshot(6_000, null, true)
  const lost = stageAt(recorder, 7_000)
  expect(lost.connection).toBe('lost')
  expect([...lost.boxes.values()].map(({ look }) => look)).toEqual(['unsure', 'unsure'])
})

test('a fault that began before the recording is a band without a start', () => {
  const recorder = createStageRecorder()
  recorder.addSnapshot(1_000, view([fault('f0')]), true)
  expect(stageAt(recorder, 2_000).bands).toMatchObject([
    { id: 'f0', fromMs: -Infinity, toMs: null },
  ])
})

test('a band begins with the fault: the event of a rolling restart, for example, comes at its end', () => {
  const deploy = { ...fault('f1'), since: '2026-01-01T00:00:10.000Z' }
  const at = '2026-01-01T00:00:13.000Z'
  const recorder = createStageRecorder()
  recorder.addSnapshot(1_000, view([]), true)
  recorder.addEvent(event(9_000, { type: 'fault', what: 'injected', fault: deploy, at }))
  expect(stageAt(recorder, 10_000).bands).toMatchObject([{ fromMs: 6_000, toMs: null }])
})

test('hidden faults are question marks in the picture and in the chart, and the samples stay', () => {
  const stage = stageAt(recorded(), 3_600)
  const hidden = withHiddenFaults(stage)
  expect(JSON.stringify([[...hidden.links], [...hidden.boxes], hidden.bands])).not.toMatch(
    /latency|400|slow|not running/,
  )
  expect(hidden.links.get('a:b')).toEqual({ look: 'hidden', label: '?' })
  expect(hidden.samples).toBe(stage.samples)
  expect(withHiddenFaults(stageAt(recorded(), 1_200)).links.get('a:b')?.look).toBe('plain')
})

test('a moment before the first view has the state of that view without what happened in between', () => {
  const recorder = createStageRecorder()
  const exited = { type: 'instance', instance: 'a', state: 'exited', by: 'user' }
  recorder.addEvent(event(2_000, { type: 'fault', what: 'injected', fault: fault('f1') }))
  recorder.addEvent(event(3_000, exited))
  recorder.addEvent(
    event(1_000, {
      type: 'operation',
      operation: { kind: 'read', outcome: 'ok', startMs: 0, endMs: 9 },
    }),
  )
  recorder.addSnapshot(4_000, view([fault('f1')]), true)
  expect(firstMsOf(recorder)).toBe(1_000)
  const [early, late] = [stageAt(recorder, 1_500), stageAt(recorder, 3_500)]
  expect(early.links.get('a:b')?.look).toBe('plain')
  expect(early.bands).toEqual([])
  // The event says what the process became, and not what it was.
  expect(early.boxes.get('a')?.look).toBe('unsure')
  expect(late.links.get('a:b')?.look).toBe('slow')
  expect(late.boxes.get('a')?.look).toBe('dead')
})

test('the recording is bounded in age', () => {
  const recorder = createStageRecorder()
  for (let s = 0; s < 1_000; s++) {
    recorder.addSnapshot(s * 1_000, view([]), true)
    recorder.addRates({ ms: s * 1_000, bytesPerSecond: new Map(), exchanges: new Map() })
  }
  expect(firstMsOf(recorder)).toBeGreaterThanOrEqual(999_000 - rewindMs * 1.25)
  expect(recorder.rates.size).toBeLessThanOrEqual(500)
})

test('the stage says for how long clients have sent requests', () => {
  const recorder = createStageRecorder()
  recorder.addSnapshot(1_000, view([]), true)
  recorder.addSnapshot(3_000, view([]), false)
  recorder.addSnapshot(5_000, view([]), true)
  recorder.addSnapshot(7_000, view([]), true)
  const forMs = [2_500, 4_000, 8_000].map((ms) => stageAt(recorder, ms).sendingForMs)
  expect(forMs).toEqual([1_500, 0, 3_000])
})
