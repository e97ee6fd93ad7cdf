import { expect, test } from 'vitest'

import { settledCounters, createFakeSandbox } from '../testing/fake-sandbox.ts'
import { waitUntilSettled } from './wait-until-settled.ts'

const never = new AbortController().signal

test('rest is two quiet readings in a row, and counts from the first', async () => {
  const { sandbox, clock, truth } = await createFakeSandbox()
  truth.counters = { ...settledCounters, unfinished: 2 }
  const quiet = waitUntilSettled(sandbox, 10_000, never)
  await clock.advance(450)
  truth.counters = settledCounters
  await clock.advance(100)
  truth.counters = { ...settledCounters, queueActive: 1 }
  await clock.advance(100)
  truth.counters = settledCounters
  await clock.advance(300)
  expect(await quiet).toEqual({ afterMs: 700, moving: [] })
})

test('an instance that is not ready, or a truth that cannot be read, is no rest', async () => {
  const { sandbox, clock, truth, runtime } = await createFakeSandbox()
  runtime.states.set('worker-1', 'unready')
  truth.broken = true
  const quiet = waitUntilSettled(sandbox, 1_000, never)
  await clock.advance(1_500)
  expect(await quiet).toEqual({
    afterMs: null,
    moving: ['worker-1 is unready', 'Postgres cannot be read'],
  })
})
