import { describe, expect, test } from 'vitest'

import type { ExerciseView, FeedEntry } from '../../../contracts/workshop.ts'
import {
  countdownText,
  feedText,
  firstVerdictsText,
  leftMsOf,
  minutesText,
  mostFailed,
  moved,
  nextLab,
  shareOf,
  stuckText,
} from './words.ts'

const nowMs = Date.parse('2026-01-01T10:00:00.000Z')
const agoMs = (minutes: number): string => new Date(nowMs - minutes * 60_000).toISOString()

test.each([
  [-5_000, '0 min'],
  [59_999, '0 min'],
  [60_000, '1 min'],
  [125 * 60_000, '2 h 5 min'],
])('%i ms are %s', (ms, text) => {
  expect(minutesText(ms)).toBe(text)
})

test.each([
  [0, '0:00'],
  [-1, '0:00'],
  [1, '0:01'],
  [60_000, '1:00'],
  [599_001, '10:00'],
  [3_600_000, '1:00:00'],
  [3_661_000, '1:01:01'],
])('a countdown of %i ms is %s', (ms, text) => {
  expect(countdownText(ms)).toBe(text)
})

describe('what is left of an exercise', () => {
  const exercise: ExerciseView = {
    exercise: 'e1',
    title: 'Lab',
    lab: null,
    state: 'running',
    startedAt: agoMs(1),
    endsAt: agoMs(-5),
    leftMs: 1,
    limitMs: 360_000,
  }

  test('follows the clock of the host while it runs, and ends at zero', () => {
    expect(leftMsOf(exercise, nowMs)).toBe(300_000)
    expect(leftMsOf(exercise, nowMs + 400_000)).toBe(0)
  })

  test('stands still while it is paused', () => {
    const paused = { ...exercise, state: 'paused', endsAt: null, leftMs: 42_000 } as const
    expect(leftMsOf(paused, nowMs + 400_000)).toBe(42_000)
  })
})

describe('why a learner is stuck', () => {
  const row = { helpText: null, violations: 5 }

  test('names the reason and the time', () => {
    const of = (because: 'asked for help' | 'no change' | 'violated again and again') =>
      stuckText({ ...row, stuck: { because, since: agoMs(12) } }, nowMs)
    expect(of('asked for help')).toBe('Asked for help 12 min ago')
    expect(of('no change')).toBe('No change for 12 min')
    expect(of('violated again and again')).toBe('Violated 5 times without a held verdict')
  })

  test('includes the question of the learner', () => {
    const stuck = { because: 'asked for help', since: agoMs(0) } as const
    expect(stuckText({ ...row, helpText: 'Where is the log?', stuck }, nowMs)).toBe(
      'Asked for help 0 min ago: Where is the log?',
    )
  })

  test('is null for a learner who is not stuck', () => {
    expect(stuckText({ ...row, stuck: null }, nowMs)).toBeNull()
  })
})

describe('a line of the feed', () => {
  const stamp = { id: 'r1', at: agoMs(1) }
  const lineOf = (report: FeedEntry['report'], answers?: readonly string[]): string =>
    feedText({ seq: 1, at: agoMs(1), learner: 'l1', name: 'Ada', report }, answers)

  test('has the words of the answer if they are known, and its letter otherwise', () => {
    const report = {
      ...stamp,
      type: 'prediction',
      lab: 'dual-write',
      answer: 1,
      confidence: 60,
    } as const
    expect(lineOf(report, ['It works', 'It fails'])).toBe(
      'predicted in dual-write: It fails (60 % sure)',
    )
    expect(lineOf(report)).toBe('predicted in dual-write: B (60 % sure)')
  })

  test('names the violated checks of a verdict', () => {
    const verdict = { ...stamp, type: 'verdict', lab: 'oversell', run: 'r' } as const
    expect(lineOf({ ...verdict, outcome: 'violated', failed: ['a', 'b'] })).toBe(
      '✕ violated in oversell (a, b)',
    )
    expect(lineOf({ ...verdict, outcome: 'held' })).toBe('✓ held in oversell')
  })

  test('never contains shared code or an explanation', () => {
    expect(lineOf({ type: 'code', lab: 'oversell' })).toBe('shared the code of oversell')
    expect(lineOf({ ...stamp, type: 'explanation', lab: 'oversell', characters: 120 })).toBe(
      'wrote an explanation of oversell with 120 characters',
    )
  })
})

test('shares are percent of all predictions', () => {
  expect(shareOf(1, 3)).toBe(33)
  expect(shareOf(0, 0)).toBe(0)
})

test('first verdicts that did not occur are left out', () => {
  const firstVerdicts = { held: 2, violated: 11, inconclusive: 0 }
  expect(firstVerdictsText({ firstVerdicts })).toBe('✓ 2 held, ✕ 11 violated')
  expect(firstVerdictsText({ firstVerdicts: { held: 0, violated: 0, inconclusive: 0 } })).toBeNull()
})

test('the most violated checks are first, equal ones by name', () => {
  expect(mostFailed({ failed: { b: 1, c: 3, a: 1 } }, 2)).toEqual([
    ['c', 3],
    ['a', 1],
  ])
})

test('the next lab follows the current one; a lab outside of the sequence is followed by the first', () => {
  expect(nextLab(['a', 'b'], null)).toBe('a')
  expect(nextLab(['a', 'b'], 'a')).toBe('b')
  expect(nextLab(['a', 'b'], 'b')).toBeUndefined()
  expect(nextLab(['a', 'b'], 'x')).toBe('a')
})

test('an entry moves by one place, and stays at the ends', () => {
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
  expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
})
