import { expect, test } from 'vitest'

import type { Clock } from '#chaos/lib/clock.ts'

import { createStartDeadline, StartTimeout } from './start-deadline.ts'
import type { StartProgress } from './start-deadline.ts'

/** Checks every second and returns the error, and after how many seconds it came. */
async function wait(
  progressAt: (second: number) => StartProgress,
  limit = 400,
): Promise<{ readonly error: unknown; readonly second: number } | undefined> {
  let second = 0
  const clock = { now: () => second * 1_000 } as Clock
  const deadline = createStartDeadline({
    instance: 'api-1',
    clock,
    progress: async () => progressAt(second),
  })
  for (second = 1; second <= limit; second++) {
    try {
      await deadline.check()
    } catch (error) {
      return { error, second }
    }
  }
  return undefined
}

test('a process that does nothing has 30 s', async () => {
  const idle = await wait(() => ({ cpuMs: 400, outputBytes: 20 }))
  expect(idle?.second).toBe(31)
  expect(idle?.error).toBeInstanceOf(StartTimeout)
  expect(String(idle?.error)).toMatch(/api-1 .*31 s.*unhappy logs api-1/)
  // Timers of a process that waits: 1 ms in a second.
  expect((await wait((second) => ({ cpuMs: second })))?.second).toBe(31)
})

test('a process that works, or prints, has up to 3 minutes', async () => {
  const working = await wait((second) => ({ cpuMs: second * 20 }))
  expect(working?.second).toBe(180)
  expect(String(working?.error)).toMatch(/3m/)
  expect((await wait((second) => ({ outputBytes: second * 10 })))?.second).toBe(180)
})

test('the 30 s begin with the last progress', async () => {
  expect((await wait((second) => ({ cpuMs: Math.min(second, 50) * 100 })))?.second).toBe(80)
})

test('without figures, 30 s', async () => {
  expect((await wait(() => ({})))?.second).toBe(31)
})
