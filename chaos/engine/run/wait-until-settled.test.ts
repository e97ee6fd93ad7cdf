import { expect, test } from 'vitest'

import { settledCounters, createFakeSandbox } from '../testing/fake-sandbox.ts'
import { waitUntilSettled } from './wait-until-settled.ts'

const never = new AbortController().signal

test('settled means two settled polls in a row, and counts from the first', async () => {
  const { sandbox, clock, truth } = await createFakeSandbox()
  truth.counters = { ...settledCounters, unfinished: 2 }
  const waiting = waitUntilSettled(sandbox, 10_000, never)
  await clock.advance(450)
  truth.counters = settledCounters
  await clock.advance(100)
  truth.counters = { ...settledCounters, queueActive: 1 }
  await clock.advance(100)
  truth.counters = settledCounters
  await clock.advance(300)
  expect(await waiting).toEqual({ afterMs: 700, unsettled: [] })
})

test('an instance that is not ready and a truth that cannot be read are not settled', async () => {
  const { sandbox, clock, truth, runtime } = await createFakeSandbox()
  runtime.states.set('worker-1', 'unready')
  truth.broken = true
  const waiting = waitUntilSettled(sandbox, 1_000, never)
  await clock.advance(1_500)
  expect(await waiting).toEqual({
    afterMs: null,
    unsettled: ['worker-1 is unready', 'Postgres cannot be read'],
  })
})
