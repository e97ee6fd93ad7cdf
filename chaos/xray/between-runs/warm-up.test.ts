import { expect, test } from 'vitest'

import type { Flow } from '#chaos/contracts/system/flow.ts'

import type { ObservedFlow } from '../observe-flow.ts'
import { WarmUp } from './warm-up.ts'

/** The instances that a warm-up reaches; it takes `tookMs`. */
function warmUpAt() {
  let nowMs = 0
  const clock = { now: () => nowMs, wallTimeMs: () => 0, sleep: async () => undefined }
  const warmUp = new WarmUp(() => ['web-1', 'web-2'], clock)
  const warmed = async (tookMs = 100): Promise<readonly string[]> => {
    const entries: string[] = []
    await warmUp.each(async (entry) => {
      entries.push(entry)
      const startMs = nowMs
      nowMs += tookMs
      return { startMs, wallMs: tookMs } as ObservedFlow
    })
    return entries
  }
  return { warmUp, warmed, pass: (ms: number) => void (nowMs += ms) }
}

test('new processes need a run: every entry, or the first one and those that ended', async () => {
  const { warmUp, warmed } = warmUpAt()
  expect(warmUp.isNeeded).toBe(false)
  warmUp.chillAll()
  expect(await warmed()).toEqual(['web-1', 'web-2'])
  expect(warmUp.isNeeded).toBe(false)
  warmUp.ran({ startMs: 0, restarts: ['worker'] })
  expect(await warmed()).toEqual(['web-1'])
  warmUp.ran({ startMs: 0, restarts: ['web-2'] })
  expect(await warmed()).toEqual(['web-1', 'web-2'])
  warmUp.ran({ startMs: 0, restarts: [] })
  expect(await warmed()).toEqual([])
})

test('connections that were not used for 8 s need a run, unless that run takes as long', async () => {
  const { warmUp, warmed, pass } = warmUpAt()
  warmUp.flow = {} as Flow
  const chilled = async (tookMs?: number): Promise<readonly string[]> => {
    warmUp.chillIfUnused()
    return await warmed(tookMs)
  }
  pass(8_000)
  expect(await chilled()).toEqual([])
  pass(1)
  expect(await chilled()).toEqual(['web-1'])
  pass(7_000)
  expect(await chilled()).toEqual([])
  pass(7_000)
  expect(await chilled(8_000)).toEqual(['web-1'])
  pass(60_000)
  expect(await chilled()).toEqual([])
})

test('a run that has left other rows makes the next one begin after a run without a fault', async () => {
  const { warmUp, warmed } = warmUpAt()
  warmUp.chill()
  // Its effect is not known yet.
  expect(await warmed()).toEqual([])
  warmUp.flow = {} as Flow
  warmUp.chill()
  expect(await warmed()).toEqual(['web-1'])
})
