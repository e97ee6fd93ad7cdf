import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { prepareForLoad } from './phases.ts'
import { createRunZero } from './run-zero.ts'
import type { SlowPreparation } from './run/prepare-unless-slow.ts'
import type { StartedRun } from './run/run-request.ts'
import { parseScenario } from './scenario/parse-scenario.ts'
import { createFakeSandbox } from './testing/fake-sandbox.ts'
import { createManualClock } from './testing/manual-clock.ts'

const request: StartedRun = {
  id: 'r1',
  scenario: parseScenario(
    'title: t\nworkload: { browse: 1/s, duration: 1s }\nexpect: [no-lost-orders]\n',
    { file: 'scenario.yaml', system },
  ),
  seed: 1,
  folder: '',
  startedAt: '',
  zero: createRunZero(createManualClock()),
  signal: new AbortController().signal,
}
const slow: SlowPreparation = { why: 'slow', machine: { throttledShare: 0, lateMaxMs: 0 } }

/** Starts a preparation and something before the load. The returned functions end them. */
async function begin() {
  const { sandbox } = await createFakeSandbox()
  const prepared = Promise.withResolvers<SlowPreparation | undefined>()
  const before = Promise.withResolvers<void>()
  const seen: string[] = []
  const running = prepareForLoad(
    sandbox,
    { ...request, beforeLoad: () => before.promise },
    () => prepared.promise,
  )
  const done = running.then((result) => {
    seen.push('load')
    return result
  })
  return { seen, done, prepared, before }
}

const turn = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve))

test('the load waits for what must not run beside it', async () => {
  const { seen, done, prepared, before } = await begin()
  prepared.resolve(undefined)
  await turn()
  expect(seen).toEqual([])
  before.resolve()
  expect(await done).toBeUndefined()
})

test('the load waits for the preparation', async () => {
  const { seen, done, prepared, before } = await begin()
  before.resolve()
  await turn()
  expect(seen).toEqual([])
  prepared.resolve(slow)
  expect(await done).toBe(slow)
})

test('there is no load after a failure of either', async () => {
  const failed = new Error('no')
  const first = await begin()
  first.prepared.reject(failed)
  await expect(first.done).rejects.toBe(failed)
  const second = await begin()
  second.prepared.resolve(undefined)
  second.before.reject(failed)
  await expect(second.done).rejects.toBe(failed)
  expect([...first.seen, ...second.seen]).toEqual([])
})
