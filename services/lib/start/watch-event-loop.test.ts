import { expect, test } from 'vitest'

import { createBlockMeter } from './watch-event-loop.ts'

function create() {
  const time = { now: 0, active: 0 }
  const meter = createBlockMeter(500, { nowMs: () => time.now, activeMs: () => time.active })
  const pass = (allMs: number, activeMs: number): number => {
    time.now += allMs
    time.active += activeMs
    return meter()
  }
  return pass
}

test('a loop that is busy and returns in time is not blocked', () => {
  const pass = create()
  expect([pass(500, 0), pass(500, 500)]).toEqual([0, 0])
})

test('a call that is late because code did not return has the time of the block', () => {
  const pass = create()
  expect([pass(500, 10), pass(2_500, 2_050), pass(500, 10)]).toEqual([0, 2_000, 0])
})

test('a process that was stopped as a whole was not blocked by code', () => {
  expect(create()(5_500, 20)).toBe(0)
})
