import { expect, test } from 'vitest'

import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { system } from '#chaos/system.ts'

import { parseScenario } from '../scenario/parse-scenario.ts'
import { createFakeSandbox } from '../testing/fake-sandbox.ts'
import { prepare } from './prepare.ts'

const scenario = parseScenario(
  'title: t\nworkload: { browse: 1/s, duration: 1s }\nexpect: [no-lost-orders]\n',
  { file: 'scenario.yaml', system },
)

test('the supervisor has given up the instances before a preparation kills the first one', async () => {
  const runtime = createFakeRuntime()
  // The preparation ends here: a real one goes on with stores.
  runtime.broken.add('kill api-1')
  const { sandbox } = await createFakeSandbox(
    {},
    {
      runtime,
      supervise: () => ({
        setUp: () => void runtime.calls.push('set up'),
        release: async () => {
          await Promise.resolve()
          runtime.calls.push('released')
        },
        takeOver: () => undefined,
        [Symbol.asyncDispose]: async () => {},
      }),
    },
  )
  const signal = new AbortController().signal
  await expect(
    prepare(sandbox, { id: 'r1', scenario, seed: 1, folder: '', signal }),
  ).rejects.toThrow('kill api-1 failed')
  const changes = runtime.calls.filter((call) => /^(set up|released|kill)/.test(call))
  expect(changes.slice(0, 3)).toEqual(['set up', 'released', 'kill api-1'])
  expect(changes.filter((call) => call === 'set up')).toHaveLength(1)
  await sandbox[Symbol.asyncDispose]()
})
