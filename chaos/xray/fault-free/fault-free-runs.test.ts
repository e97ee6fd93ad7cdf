import { expect, test } from 'vitest'

import type { Flow } from '#chaos/contracts/system/flow.ts'

import type { XraySandbox } from '../xray-sandbox.ts'
import { runWithoutFaults } from './fault-free-runs.ts'

const runMs = 20_000

/** Each run takes 20 s. */
async function runs(budgetMs: number) {
  let nowMs = 5_000
  const clock = { now: () => nowMs, wallTimeMs: () => 0, sleep: async () => undefined }
  const begun: string[] = []
  const sandbox = {
    sandbox: { system: { topology: { links: [] } } },
    setup: { signal: new AbortController().signal },
    recorder: { clear: () => {}, exchanges: [] },
    warm: async () => {},
    observe: async () => {
      nowMs += runMs
      throw new Error('a run has ended')
    },
  }
  const onRun = (run: number, count: number): void => void begun.push(`${run} of ${count}`)
  const flow = { start: { requests: () => [] } } as unknown as Flow
  const options = { clock, budgetMs, onRun }
  const ended = runWithoutFaults([sandbox as unknown as XraySandbox], flow, 0, options)
  const message = await ended.then(
    () => '',
    (error: Error) => error.message,
  )
  return { begun, message }
}

test('each run is announced', async () => {
  expect(await runs(6_000)).toEqual({ begun: ['1 of 3'], message: 'a run has ended' })
})

test('no run begins after the budget', async () => {
  expect(await runs(5_000)).toEqual({
    begun: [],
    message: 'No cell ran: 0 of the 3 runs without a fault took 5s, the whole budget.',
  })
})
