import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { memoryLimit } from './memory-limit.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const runtime = { resourceLimits: true }
const example = { params: { bytes: 67_108_864 }, targets: ['worker-1'], runtime }

describeFault(memoryLimit, example)

test('memory-limit is set by the runtime', async () => {
  const world = createWorld(runtime)
  await memoryLimit.inject(requestOf(example), world.context)
  expect([...world.runtime.rules]).toEqual(['memory worker-1 67108864'])
})

test('memory-limit is refused on a runtime without limits', async () => {
  const world = createWorld()
  const injecting = memoryLimit.inject(requestOf(example), world.context)
  await expect(injecting).rejects.toThrow(InputError)
  expect(memoryLimit.support?.(world.runtime)).toEqual({
    available: false,
    how: 'the local runtime cannot limit the memory of an instance',
  })
})
