import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { diskFull } from './disk-full.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const runtime = { resourceLimits: true }
const example = { params: { leaveBytes: 10 }, targets: ['postgres'], runtime }

describeFault(diskFull, example)

test('disk-full is set by the runtime', async () => {
  const world = createWorld(runtime)
  await diskFull.inject(requestOf(example), world.context)
  expect([...world.runtime.rules]).toEqual(['disk postgres 10'])
})

test('disk-full is refused on a runtime without limits', async () => {
  const world = createWorld()
  const injecting = diskFull.inject(requestOf(example), world.context)
  await expect(injecting).rejects.toThrow(InputError)
  expect(diskFull.support?.(world.runtime)).toEqual({
    available: false,
    how: 'the local runtime cannot fill the disk of a store',
  })
})
