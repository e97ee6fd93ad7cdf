import { expect, test } from 'vitest'

import type { MachineRecord } from '#chaos/contracts/verdict.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { StartTimeout } from '#chaos/runtime/start-deadline.ts'
import { system } from '#chaos/system.ts'

import { parseScenario } from '../scenario/parse-scenario.ts'
import { createFakeSandbox } from '../testing/fake-sandbox.ts'
import { prepareUnlessSlow } from './prepare-unless-slow.ts'

const scenario = parseScenario(
  'title: t\nworkload: { browse: 1/s, duration: 1s }\nexpect: [no-lost-orders]\n',
  { file: 'scenario.yaml', system },
)
const idle: MachineRecord = { othersShare: 0.05, throttledShare: 0, lateMaxMs: 5 }
const busy: MachineRecord = { ...idle, othersShare: 0.8 }

async function prepareWith(error: Error | undefined, machine: MachineRecord) {
  const { sandbox } = await createFakeSandbox()
  const { signal } = new AbortController()
  return await prepareUnlessSlow(
    sandbox,
    { id: 'r1', scenario, seed: 1, folder: '', signal },
    async () => {
      if (error !== undefined) throw error
    },
    async () => ({ soFar: async () => machine, [Symbol.asyncDispose]: async () => {} }),
  )
}

const late = new StartTimeout('api-1 is not ready after 3m.')
/** As the preparation reports it for judged code. */
const notStartable = new InputError('The shop does not start with this code.', { cause: late })
const noReport = new InputError('api-1 does not report which code it runs.', {
  cause: new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
})
const killed = new Error('The database could not be prepared.', {
  cause: Object.assign(new Error('Command failed'), { killed: true }),
})

test.each([late, notStartable, noReport, killed])(
  'busy machine: %s is not the fault of the code',
  async (error) => {
    expect(await prepareWith(error, busy)).toEqual({
      why: expect.stringMatching(/too long.*other programs used 80 %.*Close/),
      machine: busy,
    })
  },
)

test('idle machine: the code is the cause', async () => {
  await expect(prepareWith(notStartable, idle)).rejects.toBe(notStartable)
})

test('an error that no limit on time caused stays one on every machine', async () => {
  const wrong = new InputError('api-1 cannot start with what it was given.')
  await expect(prepareWith(wrong, busy)).rejects.toBe(wrong)
})

test('a preparation that ends says nothing', async () => {
  expect(await prepareWith(undefined, busy)).toBeUndefined()
})
