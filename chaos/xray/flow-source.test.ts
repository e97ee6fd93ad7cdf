import { expect, test } from 'vitest'

import type { FlowSource } from '#chaos/contracts/system/flow.ts'

import type { ActingSandbox } from './act-on-trap.ts'
import { type OpenSource, waitUntilQuiet } from './flow-source.ts'

/** A sandbox in which so much work is in progress at a time, in milliseconds. */
function sandboxWith(pendingAt: (ms: number) => number) {
  let nowMs = 0
  const clock = {
    now: () => nowMs,
    wallTimeMs: () => 0,
    sleep: async (ms: number) => void (nowMs += ms),
  }
  const leftover = { pending: 0 }
  const { signal } = new AbortController()
  const sandbox = { sandbox: { clock }, recorder: { exchanges: [] }, leftover, setup: { signal } }
  const own = { settleMs: 8_000, pending: (truth: number) => truth } as unknown as FlowSource
  const source = { read: async () => pendingAt(nowMs) } as unknown as OpenSource
  const waited = async (): Promise<number> => {
    const fromMs = nowMs
    await waitUntilQuiet(sandbox as unknown as ActingSandbox, own, source)
    return nowMs - fromMs
  }
  return { waited, leftover }
}

test('the next run waits until another worker has taken over the job of the run before it', async () => {
  const { waited, leftover } = sandboxWith((ms) => (ms < 35_000 ? 1 : 0))
  expect(await waited()).toBeGreaterThanOrEqual(35_000)
  expect(await waited()).toBe(0)
  expect(leftover.pending).toBe(0)
})

test('only one run waits for work that does not end', async () => {
  let stuck = 2
  const { waited, leftover } = sandboxWith(() => stuck)
  expect(await waited()).toBeGreaterThanOrEqual(75_000)
  expect(await waited()).toBe(0)
  stuck = 1
  expect(await waited()).toBe(0)
  expect(leftover.pending).toBe(1)
  stuck = 2
  expect(await waited()).toBeGreaterThanOrEqual(75_000)
})
