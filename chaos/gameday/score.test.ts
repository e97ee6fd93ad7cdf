import { expect, test } from 'vitest'

import type { AnswersBody, TakenAction } from '#chaos/contracts/gameday/gameday-view.ts'
import type { Incident } from '#chaos/contracts/gameday/incident.ts'
import { system } from '#chaos/system.ts'

import { familyOf } from './answers.ts'
import { createPlaces } from './places.ts'
import { scoreIncident } from './score.ts'
import type { IncidentEvidence } from './score.ts'

const places = createPlaces(system.topology)
const tools = { places, familyOf }
const incident: Incident = {
  id: 'fir',
  title: 'A slow link',
  story: 'A story.',
  faults: [],
  cause: { place: 'worker-1:payments', kind: 'latency' },
  chain: [
    { place: 'worker-1:payments', seen: 'slow' },
    { place: 'worker-1', seen: 'waits' },
    { place: 'postgres', seen: 'unpaid' },
  ],
  symptoms: [],
  mitigations: [{ actions: [{ action: 'reroute', target: 'worker-1:payments' }], why: 'fast' }],
}
const quiet: Incident = { ...incident, cause: null, chain: [], mitigations: [] }
const right: AnswersBody = {
  wrong: true,
  where: ['worker-1:payments'],
  cause: 'latency',
  chain: ['worker-1:payments', 'worker-1', 'postgres'],
}
const action = (touched: readonly string[]): TakenAction => ({
  action: 'restart',
  target: touched.join(','),
  atMs: 40_000,
  touched,
  result: 'restarted',
})
const reroute = action(['worker-1:payments'])

function scoreOf(
  answers: AnswersBody | null,
  more: Partial<IncidentEvidence> = {},
  of: Incident = incident,
) {
  return scoreIncident(
    of,
    {
      begunAtMs: 20_000,
      limitMs: 360_000,
      answers: answers === null ? [] : [{ ...answers, atMs: 50_000 }],
      actions: [reroute],
      held: true,
      heldAgain: true,
      ...more,
    },
    tools,
  )
}

test('right answers and a mitigation that holds twice have every point', () => {
  expect(scoreOf(right)).toMatchObject({ points: 100, detectedAfterMs: 30_000, falseAlarm: false })
})

test('no answer and no action have no point', () => {
  const nothing = { actions: [], held: false, heldAgain: null }
  expect(scoreOf(null, nothing).points).toBe(0)
  expect(scoreOf(null, { ...nothing, actions: [] }, quiet).points).toBe(0)
})

test('a late detection loses up to half of its points, and a false alarm a quarter', () => {
  const at = (atMs: number): number => scoreOf(null, { answers: [{ ...right, atMs }] }).detection
  expect(at(80_000)).toBe(1)
  expect(at(220_000)).toBe(0.75)
  expect(at(360_000)).toBe(0.5)
  const early = scoreOf(null, {
    answers: [
      { wrong: true, atMs: 5_000 },
      { ...right, atMs: 50_000 },
    ],
  })
  expect(early).toMatchObject({ detection: 0.75, falseAlarm: true })
})

test('a set of places has the share that it overlaps, and a neighbour has half', () => {
  const place = (...where: string[]): number => scoreOf({ ...right, where }).place
  expect(place('worker-1:payments')).toBe(1)
  expect(place('worker-*:payments')).toBe(0.5)
  expect(place('worker-1:payments', 'worker-1:redis', 'worker-1:postgres')).toBeCloseTo(0.33)
  expect(place('payments')).toBe(0.5)
  expect(place('payments', 'redis')).toBe(0.25)
  expect(place('redis')).toBe(0)
  expect(place()).toBe(0)
})

test('a cause of the same kind of place has part of the points', () => {
  expect(scoreOf({ ...right, cause: 'bandwidth' }).cause).toBe(0.3)
  expect(scoreOf({ ...right, cause: 'postgres-lock' }).cause).toBe(0)
  expect(
    scoreIncident(incident, { ...evidence(), answers: [{ wrong: true, atMs: 50_000 }] }, tools)
      .cause,
  ).toBe(0)
})

test('the chain counts what is there in its order', () => {
  const chain = (...given: string[]): number => scoreOf({ ...right, chain: given }).chain
  expect(chain('worker-1:payments', 'worker-1', 'postgres')).toBe(1)
  expect(chain('worker-*:payments', 'worker-*', 'postgres')).toBe(1)
  expect(chain('worker-1:payments', 'postgres')).toBe(0.8)
  expect(chain('postgres', 'worker-1', 'worker-1:payments')).toBeCloseTo(0.33)
  // A list of every place does not show how the incident spreads.
  expect(chain(...places.choices)).toBeLessThan(0.2)
  expect(chain()).toBe(0)
})

test('a mitigation that does not hold again has half of the points', () => {
  expect(scoreOf(right, { heldAgain: false }).mitigation).toBe(0.5)
  expect(scoreOf(right, { held: false, heldAgain: null }).mitigation).toBe(0)
  expect(scoreOf(right, { actions: [] }).mitigation).toBe(0)
})

test('a restart of everything costs points even where it helps', () => {
  const everything = action([
    'api-1',
    'api-2',
    'worker-1',
    'worker-2',
    'payments',
    'postgres',
    'redis',
  ])
  const { mitigation, reasons } = scoreOf(right, { actions: [everything] })
  expect(mitigation).toBeLessThan(0.2)
  expect(reasons.mitigation).toContain('api-2')
  // The caller of the link is involved.
  expect(scoreOf(right, { actions: [action(['worker-1'])] }).mitigation).toBe(1)
})

test('if nothing is wrong, the answer no has every point, and an alarm none', () => {
  const idle = { actions: [], held: true, heldAgain: null }
  expect(scoreOf({ wrong: false }, idle, quiet).points).toBe(100)
  expect(scoreOf(right, idle, quiet)).toMatchObject({ detection: 0, place: 0, falseAlarm: true })
  expect(
    scoreOf({ wrong: false }, { ...idle, actions: [action(['api-1'])] }, quiet).mitigation,
  ).toBe(0.75)
  // The same part twice is one part.
  const twice = { ...idle, actions: [action(['api-1']), action(['api-1'])] }
  expect(scoreOf({ wrong: false }, twice, quiet).mitigation).toBe(0.75)
})

test('a learner who says that nothing is wrong has only the points of the mitigation', () => {
  const score = scoreOf({ wrong: false })
  expect(score).toMatchObject({ detection: 0, place: 0, cause: 0, chain: 0, mitigation: 1 })
})

function evidence(): IncidentEvidence {
  return {
    begunAtMs: 20_000,
    limitMs: 360_000,
    answers: [],
    actions: [reroute],
    held: true,
    heldAgain: true,
  }
}
