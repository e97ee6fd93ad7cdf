import { expect, test } from 'vitest'

import { createEventLoopLoad } from './event-loop-load.ts'

/** A clock, and the load of an event loop that stands still during each pause. */
function start() {
  let nowMs = 0
  const load = createEventLoopLoad(() => nowMs)
  const pass = (milliseconds: number): void => void (nowMs += milliseconds)
  const pause = (milliseconds: number): void => {
    load.pause(milliseconds)
    pass(milliseconds)
  }
  return { load, pass, pause }
}

const inMs = (nanoseconds: number): number => nanoseconds / 1e6

test('a pause is one long sample among the ordinary ones', () => {
  const { load, pass, pause } = start()
  const delay = load.monitorEventLoopDelay({ resolution: 20 })
  expect(delay.enable()).toBe(true)
  pass(1_000)
  pause(600)
  pass(1_000)
  expect(delay.count).toBe(101)
  expect(inMs(delay.min)).toBe(20)
  expect(inMs(delay.max)).toBe(620)
  expect(inMs(delay.percentile(99))).toBe(20)
  expect(inMs(delay.mean)).toBeCloseTo((100 * 20 + 620) / 101)
  expect(delay.maxBigInt).toBe(620_000_000n)
})

test('a reset forgets the pauses, and a disabled histogram sees none', () => {
  const { load, pass, pause } = start()
  const delay = load.monitorEventLoopDelay()
  pause(500)
  expect(delay.max).toBe(0)
  delay.enable()
  pause(700)
  expect(inMs(delay.max)).toBe(710)
  delay.reset()
  expect(delay.max).toBe(0)
  pass(30)
  expect(inMs(delay.max)).toBe(10)
  delay.disable()
  pause(900)
  expect(inMs(delay.max)).toBe(10)
})

test('a pause is active time, and the rest is idle', () => {
  const { load, pass, pause } = start()
  expect(load.eventLoopUtilization().utilization).toBe(0)
  pass(3_000)
  const before = load.eventLoopUtilization()
  pause(1_000)
  expect(load.eventLoopUtilization()).toEqual({ idle: 3_000, active: 1_000, utilization: 0.25 })
  const during = load.eventLoopUtilization()
  expect(load.eventLoopUtilization(during, before).utilization).toBe(1)
  pass(1_000)
  expect(load.eventLoopUtilization(during).utilization).toBe(0)
})
