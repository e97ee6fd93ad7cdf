import { expect, test } from 'vitest'

import type { MethodStep } from '#chaos/contracts/scenario.ts'
import { testWorkload } from '#chaos/shop/workload/testing/test-workload.ts'

import { createFakeSandbox } from '../testing/fake-sandbox.ts'
import { runMethodUnderLoad } from './method-under-load.ts'

const slow = (at: number): MethodStep => ({
  at,
  inject: { kind: 'latency', target: 'api-1:redis', params: { latencyMs: 5 } },
})

/** Starts a load of one second that may last ten; `endedAt` is when the load was told to end. */
async function begin(method: readonly MethodStep[], afterStepsMs?: number) {
  const { sandbox, clock } = await createFakeSandbox()
  const over = new AbortController()
  let endedAt: number | undefined
  const workload = {
    ...testWorkload({ durationMs: 1_000 }),
    ...(afterStepsMs === undefined ? {} : { afterStepsMs }),
  }
  const { signal } = new AbortController()
  const { random } = sandbox
  const time = { startMs: clock.now(), durationMs: 10_000, over: over.signal, signal, random }
  const outcomes = runMethodUnderLoad(sandbox, { method, workload, time, id: 'run-1' }, () => {
    endedAt = clock.now() - time.startMs
    over.abort()
  })
  outcomes.catch(() => undefined)
  return { clock, outcomes, endedAt: () => endedAt }
}

test('the load ends after its duration, even before later steps', async () => {
  const { clock, outcomes, endedAt } = await begin([slow(2_000)])
  await clock.advance(1_000)
  expect(endedAt()).toBe(1_000)
  expect(await outcomes).toMatchObject([{ state: 'never' }])
})

test('with afterSteps the load continues after the last step', async () => {
  const { clock, outcomes, endedAt } = await begin([slow(500), slow(2_000)], 400)
  await clock.advance(2_350)
  expect(endedAt()).toBeUndefined()
  await clock.advance(100)
  expect(endedAt()).toBe(2_400)
  expect(await outcomes).toMatchObject([{ state: 'done' }, { state: 'done' }])
})

test('with afterSteps the load lasts at least its duration, and not indefinitely', async () => {
  const early = await begin([slow(100)], 400)
  await early.clock.advance(1_000)
  expect(early.endedAt()).toBe(1_000)
  const late = await begin([slow(60_000)], 400)
  await late.clock.advance(10_000)
  expect(late.endedAt()).toBe(10_000)
  expect(await late.outcomes).toMatchObject([{ state: 'never' }])
})
