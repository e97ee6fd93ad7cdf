import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { cpuLimit } from './cpu-limit.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const runtime = { resourceLimits: true }
const example = { params: { cores: 0.1 }, targets: ['api-1'], runtime }

describeFault(cpuLimit, example)

test('cpu-limit is set by the runtime', async () => {
  const world = createWorld(runtime)
  await cpuLimit.inject(requestOf(example), world.context)
  expect([...world.runtime.rules]).toEqual(['cpu api-1 0.1'])
})

test('cpu-limit is refused on a runtime without limits', async () => {
  const world = createWorld()
  const injecting = cpuLimit.inject(requestOf(example), world.context)
  await expect(injecting).rejects.toThrow(InputError)
  expect(cpuLimit.support?.(world.runtime)).toEqual({
    available: false,
    how: 'the local runtime cannot limit the CPU of an instance',
  })
})
