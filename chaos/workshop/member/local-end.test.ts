import { expect, test } from 'vitest'

import type { PushOf } from '#chaos/contracts/workshop.ts'

import { hostAheadMs, withLocalEnd } from './local-end.ts'

const nowMs = Date.UTC(2030, 0, 1)
const exercise: PushOf<'exercise'> = {
  seq: 1,
  at: '2030-01-01T00:00:00.000Z',
  type: 'exercise',
  exercise: 'e',
  title: 'One',
  lab: null,
  state: 'running',
  endsAt: '2030-01-01T00:15:00.000Z',
  leftMs: 900_000,
}

test.for([
  ['five minutes ahead', 'Tue, 01 Jan 2030 00:05:00 GMT', 300_000],
  ['a minute behind', 'Mon, 31 Dec 2029 23:59:00 GMT', -60_000],
  ['a second ahead', 'Tue, 01 Jan 2030 00:00:01 GMT', 0],
  ['a thousand years ahead', 'Tue, 01 Jan 3030 00:00:00 GMT', 0],
  ['no date', 'soon', 0],
  ['absent', null, 0],
] as const)('a host whose clock is %s', ([, date, aheadMs]) => {
  expect(hostAheadMs(date, nowMs)).toBe(aheadMs)
})

test('a timer ends at the same moment on both machines', () => {
  expect(withLocalEnd(exercise, 300_000)).toEqual({
    ...exercise,
    endsAt: '2030-01-01T00:10:00.000Z',
  })
})

test.for([
  ['without a timer', { ...exercise, endsAt: null }],
  ['of another kind', { seq: 1, at: exercise.at, type: 'help-seen' }],
  ['at the end of all years', { ...exercise, endsAt: '9999-12-31T23:59:59.000Z' }],
] as const)('a push %s stays as it is', ([, push]) => {
  expect(withLocalEnd(push, -60_000)).toBe(push)
})
