import { expect, test } from 'vitest'

import { actionOfKey } from './keys.ts'
import { pointsOf } from './points.ts'
import { afterAction, markersMax, type PresentAction, type PresentState } from './present-state.ts'
import { createStageRecorder } from './recorder.ts'
import type { Stage } from './stage.ts'

const live: PresentState = { atMs: null, isHidden: false, markers: [] }
const range = { firstMs: 1_000, nowMs: 60_000, points: [20_000, 40_000] }
const after = (state: PresentState, ...actions: PresentAction[]): PresentState =>
  actions.reduce((before, action) => afterAction(before, action, range), state)
const stageAt = (ms: number): Stage => ({ ms }) as Stage

test('freeze keeps the current moment, and freeze again continues live', () => {
  expect(after(live, { type: 'freeze' }).atMs).toBe(60_000)
  expect(after(live, { type: 'freeze' }, { type: 'freeze' }).atMs).toBeNull()
})

test('a remote control walks back over the points, then in steps of time, and forward to live', () => {
  const walk = [1, 2, 3].map((n) =>
    after(live, ...Array.from({ length: n }, () => ({ type: 'previous' }) as const)),
  )
  expect(walk.map(({ atMs }) => atMs)).toEqual([40_000, 20_000, 10_000])
  expect(after(walk[1] ?? live, { type: 'next' }).atMs).toBe(40_000)
  expect(after(walk[0] ?? live, { type: 'next' }).atMs).toBeNull()
})

test('no moment is before the recording or in the future', () => {
  expect(after(live, { type: 'move', byMs: -1e9 }).atMs).toBe(1_000)
  expect(after(live, { type: 'earliest' }, { type: 'move', byMs: 1e9 }).atMs).toBeNull()
})

test('the key for the next moment reveals hidden faults only when the view is live', () => {
  const hidden = after(live, { type: 'hide' })
  expect(after(hidden, { type: 'previous' }, { type: 'next' })).toMatchObject({
    isHidden: true,
    atMs: null,
  })
  expect(after(hidden, { type: 'next' }).isHidden).toBe(false)
})

test('a marker keeps its stage and is a point; there are at most nine, and none twice', () => {
  const once = after(
    live,
    { type: 'mark', stage: stageAt(5_000) },
    { type: 'mark', stage: stageAt(5_000) },
  )
  expect(once.markers).toEqual([{ number: 1, ms: 5_000, stage: stageAt(5_000) }])
  expect(after(once, { type: 'marker', number: 1 }).atMs).toBe(5_000)
  expect(after(once, { type: 'marker', number: 2 }).atMs).toBeNull()
  const all = after(
    live,
    ...Array.from({ length: 20 }, (_, i) => ({ type: 'mark', stage: stageAt(i) }) as const),
  )
  expect(all.markers).toHaveLength(markersMax)
  expect(pointsOf(createStageRecorder(), once.markers)).toEqual([5_000])
})

test('the keys of a remote control act', () => {
  expect(
    ['PageUp', 'PageDown', 'b', '.', 'F5', 'Escape'].map((key) => actionOfKey(key, false)?.type),
  ).toEqual(['previous', 'next', 'freeze', 'freeze', 'full-screen', 'leave'])
  expect(actionOfKey('ArrowLeft', true)).toEqual({ type: 'move', byMs: -10_000 })
  expect(actionOfKey('h', false)).toBeNull()
})
