import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'

import { Heartbeat } from './heartbeat.ts'

const hour = 3_600_000

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

test('a heartbeat that stops is lost once, and not before its time', () => {
  const lost = vi.fn<() => void>()
  const heartbeat = new Heartbeat(lost)
  heartbeat.beat(200)
  vi.advanceTimersByTime(150)
  heartbeat.beat(200)
  vi.advanceTimersByTime(199)
  expect(lost).not.toHaveBeenCalled()
  expect(heartbeat.expected).toBe(true)
  vi.advanceTimersByTime(hour)
  expect(lost).toHaveBeenCalledOnce()
  expect(heartbeat.expected).toBe(false)
})

test('without a beat, and after the controller has said goodbye, none is expected', () => {
  const lost = vi.fn<() => void>()
  const heartbeat = new Heartbeat(lost)
  vi.advanceTimersByTime(hour)
  heartbeat.beat(100)
  heartbeat.end()
  expect(heartbeat.expected).toBe(false)
  vi.advanceTimersByTime(hour)
  expect(lost).not.toHaveBeenCalled()
})
