import { expect, test } from 'vitest'

import { slicer } from './slicer.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { averageBytes: 10, variationBytes: 3, delayMicroseconds: 50 },
  targets: ['api-1:postgres'],
}

describeFault(slicer, example)

test('slicer gives its toxic the attributes and the lease', async () => {
  const world = createWorld()
  await slicer.inject(requestOf(example), world.context)
  expect(world.links.toxics.get('api-1:postgres')?.[0]).toMatchObject({
    type: 'slicer',
    attributes: { average_size: 10, size_variation: 3, delay: 50 },
    expiresInMs: 60_000,
  })
})
