import { expect, test } from 'vitest'

import { measureTimerLateness } from './timer-lateness.ts'
import type { Timers } from './timers.ts'

/** Timers that run when a test says so. */
function manualTimers() {
  let nowMs = 0
  const waiting: { readonly deadlineMs: number; readonly run: () => void }[] = []
  const timers: Timers = {
    now: () => nowMs,
    at: (deadlineMs, run) => {
      waiting.push({ deadlineMs, run })
      return { cancel: () => undefined }
    },
  }
  return {
    timers,
    waiting,
    /** Runs the next timer, `lateMs` after its deadline. */
    runNext: (lateMs: number): void => {
      const next = waiting.shift()
      if (next === undefined) throw new Error('no timer is waiting')
      nowMs = next.deadlineMs + lateMs
      next.run()
    },
  }
}

test('the first read begins the measurement; each further one reports the longest delay since', () => {
  const { timers, runNext } = manualTimers()
  const lateness = measureTimerLateness(timers)
  expect(lateness.readMaxMs()).toBeNaN()
  for (const lateMs of [2, 300, 1]) runNext(lateMs)
  expect(lateness.readMaxMs()).toBe(300)
  runNext(4)
  expect(lateness.readMaxMs()).toBe(4)
})

test('it ends a minute after the last read and begins again with the next one', () => {
  const { timers, waiting, runNext } = manualTimers()
  const lateness = measureTimerLateness(timers)
  lateness.readMaxMs()
  expect(waiting).toHaveLength(1)
  runNext(60_000)
  expect(waiting).toHaveLength(0)
  expect(lateness.readMaxMs()).toBeNaN()
  expect(waiting).toHaveLength(1)
})
