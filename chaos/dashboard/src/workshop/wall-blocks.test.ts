import { expect, test } from 'vitest'

import type { ProjectorView } from '../../../contracts/workshop.ts'
import { endedIncidentMs, wallBlocks } from './wall-blocks.ts'

const nowMs = Date.parse('2026-01-01T10:00:00.000Z')
const at = (ms: number): string => new Date(nowMs + ms).toISOString()

const settled: ProjectorView = {
  at: at(0),
  workshop: 'Class',
  join: { urls: ['http://127.0.0.1:1'], code: 'ABCDEF' },
  learners: 2,
  exercise: null,
  progress: null,
  predictions: null,
  incident: null,
  scoreboard: null,
}
const exercise = {
  exercise: 'e1',
  title: 'Lab',
  lab: null,
  startedAt: at(-1),
  endsAt: null,
  leftMs: null,
  limitMs: null,
} as const
const incident = {
  state: 'running',
  startedAt: at(-60_000),
  endsAt: at(60_000),
  sentTo: 2,
  answered: 0,
} as const

test('while nothing runs, the wall shows how to join', () => {
  const nothing = { exercise: false, incident: false, histogram: false, scoreboard: false }
  expect(wallBlocks(settled, nowMs)).toEqual({ join: true, ...nothing })
})

test.each([
  ['running', false],
  ['paused', false],
  ['stopped', true],
] as const)('an exercise that is %s: how to join is large: %s', (state, join) => {
  const shown = wallBlocks({ ...settled, exercise: { ...exercise, state } }, nowMs)
  expect(shown).toMatchObject({ join, exercise: !join })
})

test('an incident replaces how to join until its end, even when no message says that it ended', () => {
  const view = { ...settled, incident }
  expect(wallBlocks(view, nowMs)).toMatchObject({ join: false, incident: true })
  expect(wallBlocks(view, nowMs + 60_000)).toMatchObject({ join: true, incident: true })
})

test('an incident that ended is shown for a while', () => {
  const view: ProjectorView = {
    ...settled,
    incident: { ...incident, state: 'ended', endsAt: at(-1) },
  }
  expect(wallBlocks(view, nowMs)).toMatchObject({ incident: true, join: true })
  expect(wallBlocks(view, nowMs + endedIncidentMs)).toMatchObject({ incident: false })
})

test('the scoreboard is shown only when it is on', () => {
  const scoreboard = { isFrozen: false, rows: [] }
  expect(wallBlocks(settled, nowMs).scoreboard).toBe(false)
  expect(wallBlocks({ ...settled, scoreboard }, nowMs).scoreboard).toBe(true)
})
